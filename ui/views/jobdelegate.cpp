#include "ui/views/jobdelegate.h"

#include "ui/models/joblistmodel.h"
#include "ui/views/statelook.h"

namespace ui {
namespace {

using namespace Qt::StringLiterals;
using core::JobKind;
using core::JobState;

constexpr int RowPadding = 12;

JobState stateOf(const QModelIndex &index)
{
    return JobState(index.data(JobListModel::StateRole).toInt());
}

} // namespace

JobDelegate::JobDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
{
    for (int state = 0; state <= int(JobState::Canceled); ++state)
        m_stateIcons.insert(state, stateIcon(JobState(state)));
    for (int kind = 0; kind <= int(JobKind::External); ++kind)
        m_kindIcons.insert(kind, symbol(u"kindother"_s, Tone::Muted));
    m_kindIcons[int(JobKind::Download)] = symbol(u"kinddownload"_s, Tone::Muted);
    m_kindIcons[int(JobKind::Flash)] = symbol(u"kindflash"_s, Tone::Muted);
    m_kindIcons[int(JobKind::Media)] = symbol(u"kindmedia"_s, Tone::Muted);
    m_kindIcons[int(JobKind::Extract)] = symbol(u"kindextract"_s, Tone::Muted);
    m_kindIcons[int(JobKind::Command)] = symbol(u"kindcommand"_s, Tone::Muted);
}

JobDelegate::~JobDelegate() = default;

void JobDelegate::paint(QPainter *painter,
                        const QStyleOptionViewItem &option,
                        const QModelIndex &index) const
{
    QStyledItemDelegate::paint(painter, option, index); // text, or the background of a bar
    if (index.column() != JobListModel::Progress || stateOf(index) == JobState::Canceled)
        return;
    drawBar(*painter, option,
            {.state = stateOf(index),
             .percent = index.data(JobListModel::PercentRole).toInt(),
             .text = index.data(Qt::DisplayRole).toString()});
}

QSize JobDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QSize hint = QStyledItemDelegate::sizeHint(option, index);
    return {hint.width(), option.fontMetrics.height() + RowPadding};
}

void JobDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const auto show = [option](const QIcon &icon) {
        option->icon = icon;
        option->features |= QStyleOptionViewItem::HasDecoration;
    };
    option->decorationSize = {16, 16};
    option->textElideMode = Qt::ElideMiddle;
    if (index.column() == JobListModel::Name)
        show(m_kindIcons.value(index.data(JobListModel::KindRole).toInt()));
    if (index.column() == JobListModel::State)
        show(m_stateIcons.value(index.data(JobListModel::StateRole).toInt()));
    if (index.column() == JobListModel::Progress)
        option->text.clear();
}

} // namespace ui
