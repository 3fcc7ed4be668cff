#pragma once
#include "core/flash/decodelimits.h"
#include "core/flash/imagefile.h"
#include "core/flash/streamdecoder.h"

#include <lzma.h>

#include <memory>

namespace core {

/// .xz, also several streams after each other and padding between them. Blocks whose header says
/// their size (those that xz -T makes) are unpacked by several threads.
class XzDecoder final : public StreamDecoder
{
public:
    [[nodiscard]] static Result<std::unique_ptr<StreamDecoder>> make(const DecodeLimits &limits);
    ~XzDecoder() override;
    XzDecoder(const XzDecoder &) = delete;
    XzDecoder &operator=(const XzDecoder &) = delete;

    [[nodiscard]] Result<Step>
    decode(std::span<const char> in, std::span<char> out, Input input) override;
    [[nodiscard]] bool isComplete() const override { return m_isComplete; }

    /// Bytes of the image, from the index at the file's end, which is read without the rest.
    /// Fails with `ImageDamaged` when the file has no whole index, or with `FileAccess`.
    [[nodiscard]] static Result<qint64> imageSize(const ImageFile &file);

private:
    XzDecoder() = default;

    lzma_stream m_stream = LZMA_STREAM_INIT;
    bool m_isComplete = false;
};

} // namespace core
