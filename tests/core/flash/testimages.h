#pragma once
#include "core/flash/imagesource.h"
#include "tests/core/flash/packing.h"

#include <cstring>

namespace tests {

/// An image in memory that can tell its size or not, and break off.
class BytesSource final : public core::ImageSource
{
public:
    enum class Size { Known, Unknown };

    BytesSource(QByteArray bytes, Size size, qint64 failsAt = -1)
        : m_bytes(std::move(bytes))
        , m_size(size)
        , m_failsAt(failsAt)
    { }

    [[nodiscard]] std::optional<qint64> size() const override
    {
        return m_size == Size::Known ? std::optional<qint64>(m_bytes.size()) : std::nullopt;
    }
    [[nodiscard]] qint64 fileSize() const override { return 1; }
    [[nodiscard]] core::Result<void> checkUnchanged() const override { return {}; }
    [[nodiscard]] core::Result<qint64> read(std::span<char> bytes) override
    {
        const qint64 count = std::min(qint64(bytes.size()), m_bytes.size() - m_position);
        if (m_failsAt >= 0 && m_position + count > m_failsAt)
            return core::fail(core::ErrorCode::ImageDamaged, QStringLiteral("broken image"));
        std::memcpy(bytes.data(), m_bytes.constData() + m_position, size_t(count));
        m_position += count;
        return count;
    }
    [[nodiscard]] core::Result<void> skip(qint64 bytes) override
    {
        m_position += bytes;
        return {};
    }
    [[nodiscard]] QByteArray fileSha256() override { return {}; }

private:
    const QByteArray m_bytes;
    const Size m_size;
    const qint64 m_failsAt;
    qint64 m_position = 0;
};

inline core::OpenImage opens(const QByteArray &bytes,
                             BytesSource::Size size = BytesSource::Size::Known,
                             qint64 failsAt = -1)
{
    return [=](const core::DecodeLimits &) {
        return std::make_unique<BytesSource>(bytes, size, failsAt);
    };
}

/// An image with boot code, an MBR, a GPT and its copy at the end, so that a drive that holds any of
/// them too early is found out.
inline QByteArray bootableImage(qint64 size, quint32 seed = 1)
{
    QByteArray image = imageBytes(size, seed);
    const auto put = [&image](qint64 at, const QByteArray &bytes) {
        for (qint64 i = 0; i < bytes.size() && at + i < image.size() && at >= 0; ++i)
            image[at + i] = bytes[i];
    };
    put(0, QByteArray("\xEB\x63\x90", 3));
    put(510, QByteArray("\x55\xAA", 2));
    put(512, "EFI PART");
    put(4096, "EFI PART");
    put(size - 512, "EFI PART");
    return image;
}

/// Whether the drive has no boot code and no valid table at its beginning.
inline bool isBlank(const QByteArray &content, qint64 blockBytes)
{
    return content.first(blockBytes) == QByteArray(blockBytes, '\0');
}

/// Whether first and last MiB are zero.
inline bool isWiped(const QByteArray &content)
{
    const QByteArray zeros(std::min<qint64>(core::ExtentBytes, content.size()), '\0');
    return content.startsWith(zeros) && content.endsWith(zeros);
}

/// Whether the drive holds the image, and zeros to the end of its last block.
inline bool isComplete(const QByteArray &content, const QByteArray &image, qint64 blockBytes)
{
    const qint64 padding = core::roundedUp(image.size(), blockBytes) - image.size();
    return content.startsWith(image)
        && content.mid(image.size(), padding) == QByteArray(padding, '\0');
}

} // namespace tests
