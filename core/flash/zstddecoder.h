#pragma once
#include "core/flash/imagefile.h"
#include "core/flash/streamdecoder.h"

#include <memory>
#include <optional>

struct ZSTD_DCtx_s;

namespace core {

/// .zst: any number of frames, skippable ones too.
class ZstdDecoder final : public StreamDecoder
{
public:
    [[nodiscard]] static Result<std::unique_ptr<StreamDecoder>> make();

    [[nodiscard]] Result<Step>
    decode(std::span<const char> in, std::span<char> out, Input input) override;
    [[nodiscard]] bool isComplete() const override { return m_isBetween; }

    /// Bytes of the image when every frame says how many it holds, else nullopt. Reads the frames'
    /// headers only.
    /// Fails with `ImageDamaged` when the file ends inside of a frame or something follows, or with
    /// `FileAccess`. Format: RFC 8878 §3.1.
    [[nodiscard]] static Result<std::optional<qint64>> imageSize(const ImageFile &file);

private:
    struct Free {
        void operator()(ZSTD_DCtx_s *context) const;
    };
    explicit ZstdDecoder(ZSTD_DCtx_s *context)
        : m_context(context)
    { }

    std::unique_ptr<ZSTD_DCtx_s, Free> m_context;
    bool m_isBetween = false;
};

} // namespace core
