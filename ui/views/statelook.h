#pragma once
#include "core/jobs/jobtypes.h"
#include "ui/symbols.h"

class QPainter;
class QStyleOptionViewItem;

namespace ui {

/// How states look in lists.
[[nodiscard]] Tone stateTone(core::JobState state);
[[nodiscard]] QIcon stateIcon(core::JobState state);

/// A progress bar in a cell.
struct StateBar {
    core::JobState state = core::JobState::Queued;
    /// 0 to 100; -1 while unknown.
    int percent = 0;
    QString text;
};
void drawBar(QPainter &painter, const QStyleOptionViewItem &cell, const StateBar &bar);

} // namespace ui
