#include "core/flash/mappedsource.h"

namespace core {

using namespace Qt::StringLiterals;

Result<std::unique_ptr<ImageSource>> MappedSource::make(std::unique_ptr<ImageSource> image,
                                                        std::shared_ptr<const Bmap> bmap)
{
    const qint64 bytes = image->size().value_or(bmap->imageBytes);
    if (bytes != bmap->imageBytes)
        return fail(ErrorCode::InvalidArgument,
                    u"%1 is of another image: of %2 bytes, this one has %3"_s.arg(bmap->path)
                        .arg(bmap->imageBytes)
                        .arg(bytes));
    return std::unique_ptr<ImageSource>(new MappedSource(std::move(image), std::move(bmap)));
}

MappedSource::MappedSource(std::unique_ptr<ImageSource> image, std::shared_ptr<const Bmap> bmap)
    : m_image(std::move(image))
    , m_bmap(std::move(bmap))
    , m_digest(m_bmap->algorithm)
{ }

Result<qint64> MappedSource::read(std::span<char> bytes)
{
    const auto count = m_image->read(bytes);
    if (!count || !m_isComparing)
        return count;
    if (const auto checked = check(bytes.first(size_t(*count))); !checked)
        return fail(checked.error());
    const bool isAtEnd = *count < qint64(bytes.size());
    const bool isLong = m_position > m_bmap->imageBytes;
    if (isLong || (isAtEnd && m_position < m_bmap->imageBytes))
        return fail(ErrorCode::ImageDamaged,
                    u"the image has %1 bytes%2, %3 says %4"_s.arg(
                        QString::number(m_position), isLong ? u" and more"_s : QString(),
                        m_bmap->path, QString::number(m_bmap->imageBytes)));
    return count;
}

Result<void> MappedSource::check(std::span<const char> bytes)
{
    const qint64 begin = m_position;
    m_position += qint64(bytes.size());
    qint64 seen = begin;
    while (m_range < m_bmap->ranges.size() && m_bmap->ranges[m_range].begin < m_position) {
        const Bmap::Range &range = m_bmap->ranges[m_range];
        const qint64 from = std::max(range.begin, begin);
        const qint64 to = std::min(range.end, m_position);
        if (const auto checked =
                checkGap(bytes.subspan(size_t(seen - begin), size_t(from - seen)), seen);
            !checked)
            return checked;
        seen = to;
        if (!range.digest.isEmpty())
            m_digest.add(bytes.subspan(size_t(from - begin), size_t(to - from)));
        if (to < range.end)
            break;
        if (const auto checked = checkRange(range); !checked)
            return checked;
        ++m_range;
    }
    return checkGap(bytes.subspan(size_t(seen - begin)), seen);
}

Result<void> MappedSource::checkGap(std::span<const char> bytes, qint64 offset) const
{
    const auto other = std::ranges::find_if(bytes, [](char c) { return c != '\0'; });
    if (other == bytes.end())
        return {};
    return fail(ErrorCode::ImageDamaged,
                u"%1 is of another image: it leaves out byte %2, which is not zero"_s.arg(
                    m_bmap->path, QString::number(offset + (other - bytes.begin()))));
}

Result<void> MappedSource::checkRange(const Bmap::Range &range)
{
    if (range.digest.isEmpty())
        return {};
    const QByteArray found = m_digest.finish();
    if (found == range.digest)
        return {};
    return fail(ErrorCode::ChecksumMismatch,
                u"bytes %1 to %2 of the image have %3 %4, %5 says %6"_s.arg(
                    QString::number(range.begin), QString::number(range.end - 1),
                    digestAlgorithmName(m_bmap->algorithm), QString::fromLatin1(found.toHex()),
                    m_bmap->path, QString::fromLatin1(range.digest.toHex())));
}

Result<void> MappedSource::skip(qint64 bytes)
{
    m_isComparing = false;
    return m_image->skip(bytes);
}

} // namespace core
