#include "core/flash/readpieces.h"

namespace core {

namespace {

Result<void>
readPiece(BlockDevice &device, qint64 offset, const Piece &piece, AlignedBuffer &buffer)
{
    return device.read(offset + piece.begin, blocksOf(buffer.all(), piece, device.blockBytes()));
}

} // namespace

Result<void>
readPieces(BlockDevice &device, qint64 offset, const Pieces &pieces, AlignedBuffer &buffer)
{
    if (pieces.empty())
        return {};
    // One read is faster than many; but what is bad between the pieces concerns nobody.
    const auto read = readPiece(device, offset, {pieces.front().begin, pieces.back().end}, buffer);
    if (read || read.error().code != ErrorCode::DeviceFailed || pieces.size() == 1)
        return read;
    for (const Piece &piece : pieces)
        if (const auto one = readPiece(device, offset, piece, buffer); !one)
            return one;
    return {};
}

} // namespace core
