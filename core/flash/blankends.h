#pragma once
#include "core/flash/blockdevice.h"

namespace core {

/// Whether the first and the last MiB of the drive are all zeros, read from the medium: as a flash leaves it
/// that was stopped or failed. Partition tables and the beginnings of file systems lie there.
/// Fails as BlockDevice does.
[[nodiscard]] Result<bool> hasBlankEnds(BlockDevice &device);

} // namespace core
