#pragma once
#include "core/flash/driveresult.h"
#include "core/flashintake.h"
#include "core/store/historyentry.h"

namespace core {

/// What the history keeps of a drive that `job` flashed.
[[nodiscard]] HistoryEntry
driveRecord(const JobSnapshot &job, const AgreedFlash &flash, const DriveResult &result);

} // namespace core
