#pragma once
#include "core/flash/expectedsha256.h"
#include "core/flash/extent.h"
#include "core/flash/hashthread.h"
#include "core/flash/imagesource.h"

namespace core {

/// Reads an image from its first extent to its last and proves it on the way: its length is what its
/// index says, and its SHA-256 or that of its file is the one that was given.
/// Threads: used by one thread at a time.
class ExtentReader
{
public:
    ExtentReader(std::unique_ptr<ImageSource> source, ExpectedSha256 expected);

    /// Fills `buffer` (ExtentBytes) and hands it on; nullopt after the last extent, once the image is
    /// proven. Fails with `ChecksumMismatch`, with `Unsupported` when what was unpacked is packed
    /// once more, else as ImageSource::read.
    [[nodiscard]] Result<std::optional<Extent>> next(std::shared_ptr<AlignedBuffer> buffer);

    [[nodiscard]] const ImageSource &source() const { return *m_source; }
    /// SHA-256 of the image, 32 raw bytes, when next() has given nullopt; before: empty. Stays empty
    /// when none was known and whoever takes the extents is faster than hashing.
    [[nodiscard]] const QByteArray &imageSha256() const { return m_imageSha256; }

private:
    [[nodiscard]] Result<void> checkUnpacked(std::span<const char> bytes) const;
    [[nodiscard]] Extent extentWith(std::shared_ptr<AlignedBuffer> buffer, qint64 bytes) const;
    [[nodiscard]] Result<void> prove();
    [[nodiscard]] Error mismatch(const QByteArray &ofFile) const;
    [[nodiscard]] Result<void> checkRead(const QByteArray &proven);
    [[nodiscard]] const QByteArray &fileSha256();

    std::unique_ptr<ImageSource> m_source;
    const ExpectedSha256 m_expected;
    QByteArray m_imageSha256;
    std::optional<QByteArray> m_fileSha256;
    qint64 m_position = 0;
    HashThread m_hash;
};

} // namespace core
