#pragma once
#include "core/flash/blockdevice.h"

#include <memory>
#include <new>

namespace core {

/// Memory that a BlockDevice reads into and writes from. Its bytes are zero at first.
class AlignedBuffer
{
public:
    explicit AlignedBuffer(qint64 bytes)
        : m_size(size_t(bytes))
        , m_bytes(new (Alignment) char[size_t(bytes)]())
    { }

    [[nodiscard]] qint64 size() const { return qint64(m_size); }
    [[nodiscard]] std::span<char> all() { return {m_bytes.get(), m_size}; }
    [[nodiscard]] std::span<char> first(qint64 bytes) { return all().first(size_t(bytes)); }
    [[nodiscard]] std::span<const char> first(qint64 bytes) const
    {
        return {m_bytes.get(), size_t(bytes)};
    }

private:
    static constexpr std::align_val_t Alignment{size_t(BlockDevice::MemoryAlignment)};
    struct Free {
        void operator()(char *bytes) const { ::operator delete[](bytes, Alignment); }
    };
    size_t m_size = 0;
    std::unique_ptr<char[], Free> m_bytes;
};

} // namespace core
