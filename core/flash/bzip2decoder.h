#pragma once
#include "core/flash/streamdecoder.h"

#include <bzlib.h>

#include <memory>

namespace core {

/// .bz2: any number of streams after each other, each with its CRC.
class Bzip2Decoder final : public StreamDecoder
{
public:
    [[nodiscard]] static Result<std::unique_ptr<StreamDecoder>> make();
    ~Bzip2Decoder() override;
    Bzip2Decoder(const Bzip2Decoder &) = delete;
    Bzip2Decoder &operator=(const Bzip2Decoder &) = delete;

    [[nodiscard]] Result<Step>
    decode(std::span<const char> in, std::span<char> out, Input input) override;
    [[nodiscard]] bool isComplete() const override { return m_isBetween; }

private:
    Bzip2Decoder() = default;
    [[nodiscard]] Result<void> beginStream();

    bz_stream m_stream = {};
    /// A stream has ended and no other has begun.
    bool m_isBetween = false;
    bool m_isOpen = false;
};

} // namespace core
