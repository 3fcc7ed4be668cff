#pragma once
#include "core/base/result.h"

#include <span>

namespace core {

/// One packing format: turns the bytes of a file into those of the image, some at a time.
/// Threads: used by one thread at a time.
class StreamDecoder
{
public:
    /// Whether bytes of the file follow those that are given.
    enum class Input { More, Last };
    struct Step {
        qint64 consumed = 0;
        qint64 produced = 0;
    };

    virtual ~StreamDecoder() = default;

    /// Unpacks some of `in` into `out`. A step of neither, with `Input::Last`, is the end.
    /// Fails with `ImageDamaged` or `Unsupported`; the context is what is wrong, without a path.
    [[nodiscard]] virtual Result<Step>
    decode(std::span<const char> in, std::span<char> out, Input input) = 0;
    /// Whether the file may end here.
    [[nodiscard]] virtual bool isComplete() const = 0;
};

} // namespace core
