#include "ui/views/statelook.h"

#include <QApplication>
#include <QStyleOptionProgressBar>

#include <algorithm>

namespace ui {
namespace {

using namespace Qt::StringLiterals;
using core::JobState;

constexpr int BarMargin = 6;

} // namespace

Tone stateTone(JobState state)
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

QIcon stateIcon(JobState state)
{
    return symbol(u"state"_s + core::jobStateName(state), stateTone(state));
}

void drawBar(QPainter &painter, const QStyleOptionViewItem &cell, const StateBar &bar)
{
    QStyleOptionProgressBar option;
    option.state = (cell.state & ~QStyle::State_MouseOver) | QStyle::State_Horizontal;
    option.direction = cell.direction;
    option.fontMetrics = cell.fontMetrics;
    option.palette = cell.palette;
    option.palette.setColor(QPalette::Highlight, toneFill(stateTone(bar.state)));
    option.palette.setColor(QPalette::HighlightedText, Qt::white);
    option.rect = cell.rect.adjusted(BarMargin, BarMargin, -BarMargin, -BarMargin);
    option.maximum = bar.percent < 0 && bar.state == JobState::Running ? 0 : 100; // 0: "busy"
    option.progress = std::max(bar.percent, 0);
    option.text = bar.text;
    option.textVisible = true;
    option.textAlignment = Qt::AlignCenter;
    const QStyle *style = cell.widget ? cell.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ProgressBar, &option, &painter, cell.widget);
}

} // namespace ui
