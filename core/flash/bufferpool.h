#pragma once
#include "core/flash/alignedbuffer.h"

#include <mutex>
#include <vector>

namespace core {

/// Buffers of one size that are used again and again. How many there are is bounded by how many its
/// users hold at once.
/// Threads: take() from any; a buffer is given back by whichever thread lets go of it last.
class BufferPool : public std::enable_shared_from_this<BufferPool>
{
public:
    explicit BufferPool(qint64 bufferBytes)
        : m_bufferBytes(bufferBytes)
    { }

    /// A buffer that nobody else holds; what is in it is undefined.
    [[nodiscard]] std::shared_ptr<AlignedBuffer> take();

private:
    void giveBack(std::unique_ptr<AlignedBuffer> buffer);

    const qint64 m_bufferBytes;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<AlignedBuffer>> m_free;
};

} // namespace core
