#pragma once
#include "core/jobs/jobtypes.h"

#include <QString>

namespace ui {

/// Numbers as people read them, in the language of QLocale(). Unknown values (negative) give "".

/// "512 B", "1.5 GiB": binary units, one decimal above bytes.
[[nodiscard]] QString formatBytes(qint64 bytes);
/// "12.3 MiB/s".
[[nodiscard]] QString formatRate(qint64 bytesPerSecond);
/// The two largest units: "45 s", "2 min 5 s", "3 h 12 min", "2 d 4 h".
[[nodiscard]] QString formatDuration(qint64 seconds);
/// Date and time on this machine's clock of milliseconds since 1970; "" for 0.
[[nodiscard]] QString formatTime(qint64 milliseconds);

/// 0 to 100, rounded down; 100 only for a job that succeeded; -1 while the total is unknown.
[[nodiscard]] int percentDone(const core::JobSnapshot &job);
/// "45 %".
[[nodiscard]] QString formatPercent(const core::JobSnapshot &job);

} // namespace ui
