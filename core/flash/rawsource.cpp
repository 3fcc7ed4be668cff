#include "core/flash/rawsource.h"

namespace core {

Result<qint64> RawSource::read(std::span<char> bytes)
{
    const auto count = m_file.readAt(m_position, bytes); // hashed by whoever checks the image
    if (count)
        m_position += *count;
    return count;
}

Result<void> RawSource::skip(qint64 bytes)
{
    m_position += bytes;
    return {};
}

} // namespace core
