#include "core/flash/sparsesink.h"

#include <algorithm>
#include <cstring>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t HoleBytes = 64_KiB; // smaller holes cost more extents than they save room

bool isZero(std::span<const char> bytes)
{
    return bytes.front() == '\0'
        && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

} // namespace

Result<void> SparseSink::begin(qint64 bytes)
{
    const qint64 room = m_target.freeBytes();
    if (room >= 0 && room < bytes)
        return fail(ErrorCode::NoSpace,
                    u"%1: the drive has %2 bytes, and %3 are free; a name that ends in .zst packs "
                    "it"_s.arg(m_target.path(), QString::number(bytes), QString::number(room)));
    return m_target.resize(bytes);
}

Result<void> SparseSink::write(const DrivePiece &piece)
{
    const std::span<const char> bytes = piece.buffer->first(piece.bytes);
    m_hash.add(piece.buffer, piece.bytes);
    for (size_t at = 0; at < bytes.size(); at += HoleBytes) {
        const auto some = bytes.subspan(at, std::min(HoleBytes, bytes.size() - at));
        if (isZero(some))
            continue;
        if (const auto written = m_target.write(piece.offset + qint64(at), some); !written)
            return written;
    }
    return {};
}

Result<QByteArray> SparseSink::finish()
{
    return m_hash.finish();
}

} // namespace core
