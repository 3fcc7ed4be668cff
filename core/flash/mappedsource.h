#pragma once
#include "core/base/digest.h"
#include "core/flash/bmap.h"
#include "core/flash/imagesource.h"

namespace core {

/// An image that a bmap belongs to: what is read is compared with the checksums of the bmap's ranges and
/// with its size.
class MappedSource final : public ImageSource
{
public:
    /// Fails with `InvalidArgument` when the bmap says another size than the image.
    [[nodiscard]] static Result<std::unique_ptr<ImageSource>>
    make(std::unique_ptr<ImageSource> image, std::shared_ptr<const Bmap> bmap);

    [[nodiscard]] std::optional<qint64> size() const override { return m_bmap->imageBytes; }
    [[nodiscard]] qint64 fileSize() const override { return m_image->fileSize(); }
    [[nodiscard]] const Bmap *bmap() const override { return m_bmap.get(); }
    [[nodiscard]] Result<void> checkUnchanged() const override { return m_image->checkUnchanged(); }
    [[nodiscard]] Result<QByteArray> provenSha256() const override
    {
        return m_image->provenSha256();
    }
    /// Also fails with `ChecksumMismatch` naming the range, and with `ImageDamaged` when there is more
    /// than zeros between the ranges: that bmap is not of this image.
    [[nodiscard]] Result<qint64> read(std::span<char> bytes) override;
    /// Nothing is compared afterwards.
    [[nodiscard]] Result<void> skip(qint64 bytes) override;
    [[nodiscard]] QByteArray fileSha256() override { return m_image->fileSha256(); }

private:
    MappedSource(std::unique_ptr<ImageSource> image, std::shared_ptr<const Bmap> bmap);
    [[nodiscard]] Result<void> check(std::span<const char> bytes);
    [[nodiscard]] Result<void> checkRange(const Bmap::Range &range);
    /// `bytes` from `offset` on lie in no range.
    [[nodiscard]] Result<void> checkGap(std::span<const char> bytes, qint64 offset) const;

    const std::unique_ptr<ImageSource> m_image;
    const std::shared_ptr<const Bmap> m_bmap;
    qint64 m_position = 0;
    size_t m_range = 0; // the first that does not end before m_position
    Digest m_digest; // of what was read of it
    bool m_isComparing = true;
};

} // namespace core
