#pragma once
#include "core/jobs/jobtypes.h"

#include <QString>

namespace ui {

/// How many jobs there are of each sort, and how fast they are together.
struct Totals {
    int running = 0;
    int queued = 0;
    int paused = 0;
    int failed = 0;
    /// Running jobs that write to a USB drive.
    int flashing = 0;
    qint64 bytesPerSecond = 0;

    void add(const core::JobSnapshot &job) { count(job, 1); }
    void subtract(const core::JobSnapshot &job) { count(job, -1); }
    friend bool operator==(const Totals &, const Totals &) = default;

private:
    void count(const core::JobSnapshot &job, int sign);
};

/// "2 running · 1 waiting · 3 paused"; "Nothing to do" when all are done.
[[nodiscard]] QString countsText(const Totals &totals);
/// The tray's tooltip: the counts, and the speed while something runs.
[[nodiscard]] QString tooltipText(const Totals &totals);

} // namespace ui
