#pragma once
#include "core/flash/imagefile.h"

#include <optional>

namespace core {

/// Walks over the frames of a .zst by their headers, without unpacking. Format: RFC 8878 §3.1.
class ZstdFrames
{
public:
    explicit ZstdFrames(const ImageFile &file)
        : m_file(file)
    { }

    /// Bytes that all frames hold; nullopt when one does not say. See ZstdDecoder::imageSize.
    [[nodiscard]] Result<std::optional<qint64>> imageSize();

private:
    [[nodiscard]] Result<void> passFrame();
    [[nodiscard]] Result<void> passHeader();
    [[nodiscard]] Result<void> passBlocks();
    /// The little-endian number in the next `bytes` bytes.
    [[nodiscard]] Result<quint64> takeNumber(int bytes);
    [[nodiscard]] tl::unexpected<Error> damaged(const QString &why) const;

    const ImageFile &m_file;
    qint64 m_position = 0;
    qint64 m_total = 0;
    bool m_isTotalKnown = true;
    bool m_hasChecksum = false;
};

} // namespace core
