#include "core/flash/zstdframes.h"

#include <array>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr quint64 FrameMagic = 0xFD2FB528;
constexpr quint64 SkippableMagic = 0x184D2A50; // and the fifteen that follow it
constexpr qint64 MostBytes = qint64(1) << 60; // a sum of such sizes cannot overflow unseen

enum BlockType { RawBlock, RleBlock, CompressedBlock, ReservedBlock };

} // namespace

Result<std::optional<qint64>> ZstdFrames::imageSize()
{
    while (m_position < m_file.size())
        if (const auto passed = passFrame(); !passed)
            return fail(passed.error());
    return m_isTotalKnown ? std::optional(m_total) : std::nullopt;
}

Result<void> ZstdFrames::passFrame()
{
    const auto magic = takeNumber(4);
    if (!magic)
        return fail(magic.error());
    if ((*magic & ~quint64(0xF)) == SkippableMagic) {
        const auto bytes = takeNumber(4);
        if (!bytes)
            return fail(bytes.error());
        m_position += qint64(*bytes);
    } else if (*magic == FrameMagic) {
        const auto passed = passHeader().and_then([this] { return passBlocks(); });
        if (!passed)
            return passed;
    } else {
        return damaged(u"something that is not zstd follows at byte %1"_s.arg(m_position - 4));
    }
    return m_position <= m_file.size() ? Result<void>() : damaged(u"it ends too early"_s);
}

Result<void> ZstdFrames::passHeader()
{
    const auto descriptor = takeNumber(1);
    if (!descriptor)
        return fail(descriptor.error());
    const bool isSingleSegment = (*descriptor & 0x20) != 0;
    m_hasChecksum = (*descriptor & 0x04) != 0;
    constexpr std::array DictionaryBytes{0, 1, 2, 4};
    m_position += (isSingleSegment ? 0 : 1) + DictionaryBytes[*descriptor & 3];
    const std::array sizeBytes{isSingleSegment ? 1 : 0, 2, 4, 8};
    const int bytes = sizeBytes[*descriptor >> 6];
    const auto size = takeNumber(bytes);
    if (!size)
        return fail(size.error());
    const quint64 holds = *size + (bytes == 2 ? 256 : 0);
    if (holds > quint64(MostBytes - m_total))
        return damaged(u"it says it holds more than anything can"_s);
    m_total += qint64(holds);
    m_isTotalKnown = m_isTotalKnown && bytes > 0;
    return {};
}

Result<void> ZstdFrames::passBlocks()
{
    bool isLast = false;
    while (!isLast) {
        const auto header = takeNumber(3);
        if (!header)
            return fail(header.error());
        isLast = (*header & 1) != 0;
        const auto type = BlockType((*header >> 1) & 3);
        if (type == ReservedBlock)
            return damaged(u"its zstd data is corrupt"_s);
        m_position += type == RleBlock ? 1 : qint64(*header >> 3);
    }
    m_position += m_hasChecksum ? 4 : 0;
    return {};
}

Result<quint64> ZstdFrames::takeNumber(int bytes)
{
    std::array<char, 8> read;
    const auto count = m_file.readAt(m_position, std::span(read).first(size_t(bytes)));
    if (!count)
        return fail(count.error());
    if (*count < bytes)
        return damaged(u"it ends too early"_s);
    m_position += bytes;
    quint64 number = 0;
    for (int i = bytes - 1; i >= 0; --i)
        number = number << 8 | quint8(read[size_t(i)]);
    return number;
}

tl::unexpected<Error> ZstdFrames::damaged(const QString &why) const
{
    return fail(ErrorCode::ImageDamaged, u"%1: %2"_s.arg(m_file.path(), why));
}

} // namespace core
