#pragma once
#include "core/jobs/jobtypes.h"

namespace core {

/// Whether nothing moved between the two but what may be conflated: bytes, speed and time, bytes of
/// drives, progress of steps.
[[nodiscard]] bool movesOnlyNumbers(const JobSnapshot &before, const JobSnapshot &after);

} // namespace core
