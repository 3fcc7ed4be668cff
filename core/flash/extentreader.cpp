#include "core/flash/extentreader.h"

#include "core/flash/bmap.h"
#include "core/flash/imageformat.h"

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 SectorBytes = 512;

bool hasZeroSector(std::span<const char> extent, const Pieces &pieces)
{
    for (const Piece &piece : pieces)
        for (qint64 at = piece.begin; at < piece.end; at += SectorBytes) {
            const qint64 bytes = std::min(SectorBytes, piece.end - at);
            if (std::ranges::all_of(extent.subspan(size_t(at), size_t(bytes)),
                                    [](char c) { return c == '\0'; }))
                return true;
        }
    return false;
}

} // namespace

ExtentReader::ExtentReader(std::unique_ptr<ImageSource> source, ExpectedSha256 expected)
    : m_source(std::move(source))
    , m_expected(std::move(expected))
    , m_hash(m_expected.digest.isEmpty() ? HashThread::Need::Spare : HashThread::Need::Certain)
{ }

Result<std::optional<Extent>> ExtentReader::next(std::shared_ptr<AlignedBuffer> buffer)
{
    const auto count = m_source->read(buffer->all());
    if (!count)
        return fail(count.error());
    if (*count == 0) {
        if (const auto proven = prove(); !proven)
            return fail(proven.error());
        return std::nullopt;
    }
    if (const auto unpacked = checkUnpacked(buffer->first(*count)); !unpacked)
        return fail(unpacked.error());
    std::ranges::fill(buffer->all().subspan(size_t(*count)), '\0');
    Extent extent = extentWith(std::move(buffer), *count);
    m_hash.add(extent.buffer, extent.bytes);
    m_position += extent.bytes;
    return extent;
}

Extent ExtentReader::extentWith(std::shared_ptr<AlignedBuffer> buffer, qint64 bytes) const
{
    const Bmap *bmap = m_source->bmap();
    Pieces pieces = bmap ? bmap->piecesOf(m_position, bytes) : Pieces{{0, bytes}};
    const std::span<const char> all = buffer->first(bytes);
    const bool hasZeros = bmap && hasZeroSector(all, pieces);
    const ExtentDigest digest = ExtentDigest::of(all, pieces);
    return {m_position, bytes, digest, std::move(buffer), std::move(pieces), hasZeros};
}

/// A packed file inside of a packed file would be written as it is.
Result<void> ExtentReader::checkUnpacked(std::span<const char> bytes) const
{
    const ImageFormat format = m_position == 0 ? imageFormatOf(bytes) : ImageFormat::Raw;
    if (format == ImageFormat::Raw)
        return {};
    return fail(ErrorCode::Unsupported,
                u"what is in the image's file is packed as %1; unpack it first"_s.arg(
                    imageFormatName(format)));
}

/// Whether what was read is the file that was proven, empty: none was. A digest that was given up says
/// nothing; that the file stayed the same is seen to by its descriptor and GrowingFile.
Result<void> ExtentReader::checkRead(const QByteArray &proven)
{
    const bool isUnknown = m_imageSha256.isEmpty() && fileSha256().isEmpty();
    const bool isSame =
        proven.isEmpty() || isUnknown || proven == m_imageSha256 || proven == fileSha256();
    return isSame ? Result<void>()
                  : fail(ErrorCode::ImageDamaged, u"the image changed while it was read"_s);
}

/// That of the source, which is told once.
const QByteArray &ExtentReader::fileSha256()
{
    if (!m_fileSha256)
        m_fileSha256 = m_source->fileSha256();
    return *m_fileSha256;
}

Result<void> ExtentReader::prove()
{
    m_imageSha256 = m_hash.finish();
    if (m_position == 0)
        return fail(ErrorCode::ImageDamaged, u"the image is empty"_s);
    const auto proven = m_source->provenSha256();
    if (!proven)
        return fail(proven.error());
    if (const auto same = checkRead(*proven); !same)
        return same;
    if (m_expected.digest.isEmpty() || m_expected.digest == m_imageSha256)
        return {};
    const QByteArray ofFile = fileSha256();
    return m_expected.digest == ofFile ? Result<void>() : fail(mismatch(ofFile));
}

Error ExtentReader::mismatch(const QByteArray &ofFile) const
{
    QString found = u"the image has SHA-256 "_s + QString::fromLatin1(m_imageSha256.toHex());
    if (!ofFile.isEmpty())
        found += u", its file "_s + QString::fromLatin1(ofFile.toHex());
    const QString expected = QString::fromLatin1(m_expected.digest.toHex());
    if (m_expected.list.isEmpty())
        return {ErrorCode::ChecksumMismatch, u"%1, expected %2"_s.arg(found, expected)};
    return {
        ErrorCode::ChecksumMismatch,
        u"%1, but %2 says %3: fetch the image again, or move that list away if it is wrong"_s.arg(
            found, m_expected.list, expected)};
}

} // namespace core
