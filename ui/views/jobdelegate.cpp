#include "ui/views/jobdelegate.h"

#include "ui/models/joblistmodel.h"
#include "ui/symbols.h"

#include <QApplication>
#include <QStyleOptionProgressBar>

#include <algorithm>

namespace ui {
namespace {

using namespace Qt::StringLiterals;
using core::JobKind;
using core::JobState;

constexpr int RowPadding = 12;
constexpr int BarMargin = 6;

Tone toneOf(JobState state)
{
    switch (state) {
    case JobState::Queued:
    case JobState::Canceled:
        return Tone::Muted;
    case JobState::Running:
        return Tone::Active;
    case JobState::Paused:
        return Tone::Waiting;
    case JobState::Succeeded:
        return Tone::Good;
    case JobState::Failed:
        return Tone::Bad;
    }
    return Tone::Text;
}

JobState stateOf(const QModelIndex &index)
{
    return JobState(index.data(JobListModel::StateRole).toInt());
}

QStyleOptionProgressBar barOption(const QStyleOptionViewItem &cell, const QModelIndex &index)
{
    const int percent = index.data(JobListModel::PercentRole).toInt();
    QStyleOptionProgressBar bar;
    bar.state = (cell.state & ~QStyle::State_MouseOver) | QStyle::State_Horizontal;
    bar.direction = cell.direction;
    bar.fontMetrics = cell.fontMetrics;
    bar.palette = cell.palette;
    bar.palette.setColor(QPalette::Highlight, toneFill(toneOf(stateOf(index))));
    bar.palette.setColor(QPalette::HighlightedText, Qt::white);
    bar.rect = cell.rect.adjusted(BarMargin, BarMargin, -BarMargin, -BarMargin);
    bar.maximum = percent < 0 && stateOf(index) == JobState::Running ? 0 : 100; // 0: "busy"
    bar.progress = std::max(percent, 0);
    bar.text = index.data(Qt::DisplayRole).toString();
    bar.textVisible = true;
    bar.textAlignment = Qt::AlignCenter;
    return bar;
}

} // namespace

JobDelegate::JobDelegate(QObject *parent)
    : QStyledItemDelegate(parent)
{
    for (int state = 0; state <= int(JobState::Canceled); ++state) {
        const QString name = u"state"_s + core::jobStateName(JobState(state));
        m_stateIcons.insert(state, symbol(name, toneOf(JobState(state))));
    }
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
    const QStyleOptionProgressBar bar = barOption(option, index);
    const QStyle *style = option.widget ? option.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ProgressBar, &bar, painter, option.widget);
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
