#include "core/flash/bufferpool.h"

namespace core {

std::shared_ptr<AlignedBuffer> BufferPool::take()
{
    std::unique_ptr<AlignedBuffer> buffer;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_free.empty()) {
            buffer = std::move(m_free.back());
            m_free.pop_back();
        }
    }
    if (!buffer)
        buffer = std::make_unique<AlignedBuffer>(m_bufferBytes);
    return {buffer.release(), [pool = shared_from_this()](AlignedBuffer *used) {
                pool->giveBack(std::unique_ptr<AlignedBuffer>(used));
            }};
}

void BufferPool::giveBack(std::unique_ptr<AlignedBuffer> buffer)
{
    const std::lock_guard lock(m_mutex);
    m_free.push_back(std::move(buffer));
}

} // namespace core
