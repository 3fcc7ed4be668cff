#include "tests/support/failingblockdevice.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace tests {

FailingBlockDevice::FailingBlockDevice(qint64 size, qint64 blockBytes, char filler)
    : m_size(size)
    , m_blockBytes(blockBytes)
    , m_realSize(size)
    , m_content(size, filler)
    , m_durable(m_content)
{ }

const DriveFault *FailingBlockDevice::take(DriveFault::Kind kind, qint64 offset, qint64 bytes)
{
    for (DriveFault &fault : m_faults) {
        const bool isHit = fault.kind == kind && fault.times != 0 && offset < fault.end
            && offset + bytes > fault.begin;
        if (!isHit)
            continue;
        if (fault.times > 0)
            --fault.times;
        return &fault;
    }
    return nullptr;
}

qint64 FailingBlockDevice::readSome(qint64 offset, std::span<char> bytes)
{
    const std::lock_guard lock(m_mutex);
    if (m_isGone)
        return -ENXIO;
    if (const DriveFault *fault = take(DriveFault::Kind::ReadError, offset, qint64(bytes.size())))
        return -fault->error;
    if (take(DriveFault::Kind::ShortRead, offset, qint64(bytes.size())))
        bytes = bytes.first(std::max(bytes.size() / 2, size_t(m_blockBytes)));
    for (size_t done = 0; done < bytes.size(); done += size_t(m_blockBytes)) {
        const qint64 at = (offset + qint64(done)) % m_realSize;
        std::memcpy(bytes.data() + done, m_content.constData() + at, size_t(m_blockBytes));
    }
    if (const DriveFault *fault = take(DriveFault::Kind::FlipOnRead, offset, qint64(bytes.size())))
        bytes[size_t(std::max<qint64>(fault->begin - offset, 0))] ^= 1;
    return qint64(bytes.size());
}

qint64 FailingBlockDevice::writeSome(qint64 offset, std::span<const char> bytes)
{
    const std::lock_guard lock(m_mutex);
    ++m_writeCalls;
    const qint64 answer = store(offset, bytes);
    if (m_onWrite)
        m_onWrite(*this);
    return answer;
}

qint64 FailingBlockDevice::store(qint64 offset, std::span<const char> bytes)
{
    if (m_isGone)
        return -ENXIO;
    if (const DriveFault *fault = take(DriveFault::Kind::WriteError, offset, qint64(bytes.size())))
        return -fault->error;
    if (take(DriveFault::Kind::DropWrite, offset, qint64(bytes.size())))
        return qint64(bytes.size());
    if (take(DriveFault::Kind::ShortWrite, offset, qint64(bytes.size())))
        bytes = bytes.first(std::max(bytes.size() / 2, size_t(m_blockBytes)));
    const qint64 left = m_vanishAfter - m_written;
    m_isGone = qint64(bytes.size()) > left;
    if (m_isGone)
        bytes = bytes.first(size_t(left - left % m_blockBytes));
    for (size_t done = 0; done < bytes.size(); done += size_t(m_blockBytes)) {
        const qint64 at = (offset + qint64(done)) % m_realSize;
        std::memcpy(m_content.data() + at, bytes.data() + done, size_t(m_blockBytes));
    }
    m_written += qint64(bytes.size());
    return m_isGone ? -EIO : qint64(bytes.size());
}

int FailingBlockDevice::flushOnce()
{
    const std::lock_guard lock(m_mutex);
    ++m_flushes;
    if (m_isGone)
        return -ENXIO;
    if (const DriveFault *fault = take(DriveFault::Kind::FlushError, 0, m_size))
        return -fault->error;
    if (!m_liesAboutFlush)
        m_durable = m_content;
    return 0;
}

} // namespace tests
