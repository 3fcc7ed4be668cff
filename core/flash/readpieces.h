#pragma once
#include "core/flash/extent.h"

namespace core {

/// Reads these pieces of the extent at `offset` to where they are in the extent, up to whole blocks of
/// the drive; what is between them in `buffer` (ExtentBytes) is undefined. Fails as BlockDevice::read.
[[nodiscard]] Result<void>
readPieces(BlockDevice &device, qint64 offset, const Pieces &pieces, AlignedBuffer &buffer);

} // namespace core
