#pragma once
#include "core/base/digest.h"
#include "core/flash/imagesink.h"

struct ZSTD_CCtx_s;

namespace core {

/// A .zst of one frame per piece, each with its length and checksum, and at the end the table that lets a
/// reader begin at any of them. Formats: RFC 8878; zstd's "seekable format", version 0.1.0.
class ZstdSink final : public ImageSink
{
public:
    /// Fails with `Internal` when memory is short.
    [[nodiscard]] static Result<std::unique_ptr<ImageSink>> make(ImageTarget &target);

    [[nodiscard]] Result<void> begin(qint64 bytes) override;
    [[nodiscard]] Result<void> write(const DrivePiece &piece) override;
    [[nodiscard]] Result<QByteArray> finish() override;

private:
    struct Free {
        void operator()(ZSTD_CCtx_s *context) const;
    };
    ZstdSink(ImageTarget &target, ZSTD_CCtx_s *context);
    [[nodiscard]] Result<void> append(std::span<const char> bytes);

    ImageTarget &m_target;
    std::unique_ptr<ZSTD_CCtx_s, Free> m_context;
    std::vector<char> m_packed;
    qint64 m_position = 0;
    QByteArray m_entries; // of the table
    quint32 m_frames = 0;
    Sha256 m_sha256;
};

} // namespace core
