#pragma once
#include "core/flash/streamdecoder.h"

#include <zlib.h>

#include <memory>

namespace core {

/// .gz: any number of members, each with its CRC, and zeros after the last (tapes and gzip allow them).
class GzipDecoder final : public StreamDecoder
{
public:
    [[nodiscard]] static Result<std::unique_ptr<StreamDecoder>> make();
    ~GzipDecoder() override;
    GzipDecoder(const GzipDecoder &) = delete;
    GzipDecoder &operator=(const GzipDecoder &) = delete;

    [[nodiscard]] Result<Step>
    decode(std::span<const char> in, std::span<char> out, Input input) override;
    [[nodiscard]] bool isComplete() const override { return m_isBetween; }

private:
    GzipDecoder() = default;

    z_stream m_stream = {};
    /// A member has ended and no other has begun.
    bool m_isBetween = false;
    bool m_hasPadding = false;
};

} // namespace core
