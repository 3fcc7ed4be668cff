#include "ui/views/statedelegate.h"

#include "ui/models/rowroles.h"
#include "ui/views/statelook.h"

namespace ui {
namespace {

constexpr int RowPadding = 12; // as JobDelegate
constexpr int ColumnPadding = 12;
constexpr int BarWidth = 130;

core::JobState stateOf(const QModelIndex &index)
{
    return core::JobState(index.data(RowStateRole).toInt());
}

} // namespace

StateDelegate::StateDelegate(Columns columns, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_columns(columns)
{
    for (size_t state = 0; state < m_icons.size(); ++state)
        m_icons[state] = stateIcon(core::JobState(state));
}

StateDelegate::~StateDelegate() = default;

void StateDelegate::paint(QPainter *painter,
                          const QStyleOptionViewItem &option,
                          const QModelIndex &index) const
{
    QStyledItemDelegate::paint(painter, option, index); // text, or the background of a bar
    const core::JobState state = stateOf(index);
    if (index.column() != m_columns.progress || state == core::JobState::Canceled)
        return;
    drawBar(*painter, option,
            {.state = state,
             .percent = index.data(RowPercentRole).toInt(),
             .text = index.data(Qt::DisplayRole).toString()});
}

QSize StateDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QSize hint = QStyledItemDelegate::sizeHint(option, index);
    const int width =
        index.column() == m_columns.progress ? BarWidth : hint.width() + ColumnPadding;
    return {width, option.fontMetrics.height() + RowPadding};
}

void StateDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    if (index.column() == m_columns.state) {
        option->icon = m_icons[size_t(stateOf(index))];
        option->features |= QStyleOptionViewItem::HasDecoration;
        option->decorationSize = {16, 16};
    }
    if (index.column() == m_columns.progress)
        option->text.clear();
}

} // namespace ui
