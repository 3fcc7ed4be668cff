#pragma once
#include "core/drives/drivepolicy.h"

namespace core {

/// Whether a drive of which `writing` is the verdict may be read, or let go of: to read, it need not be
/// one that can be written. The risks are the same.
[[nodiscard]] DriveVerdict readingVerdict(const DriveVerdict &writing);

} // namespace core
