#pragma once
#include "core/flash/alignedbuffer.h"
#include "core/jobs/jobworker.h"

#include <QList>

namespace core {

/// Bytes `[begin, end)` of a drive that it does not give.
struct Gap {
    qint64 begin = 0;
    qint64 end = 0;
    friend bool operator==(const Gap &, const Gap &) = default;
};

/// Reads what can be read of a drive that may have bad places: where a large read fails, block by block,
/// each of them `MostAttempts` times. What is left is filled with zeros and noted. A drive whose last good
/// block cannot be read either is gone: one that is pulled out answers as a bad place does at first.
/// Threads: used by one thread at a time.
class RescueReader
{
public:
    static constexpr int MostAttempts = 3;

    explicit RescueReader(BlockDevice &device)
        : m_device(device)
        , m_block(BlockDevice::MemoryAlignment)
    { }

    /// Fills `bytes`, aligned as BlockDevice says, from `offset` on. Calls go from the drive's beginning
    /// to its end. Fails as BlockDevice does, but never with `DeviceFailed`.
    [[nodiscard]] Result<Outcome>
    read(qint64 offset, std::span<char> bytes, const std::stop_token &stop);

    /// In the order of the drive; neighbours are one.
    [[nodiscard]] const QList<Gap> &gaps() const { return m_gaps; }

private:
    [[nodiscard]] Result<Outcome>
    readBlocks(qint64 offset, std::span<char> bytes, const std::stop_token &stop);
    [[nodiscard]] Result<void> readBlock(qint64 offset, std::span<char> bytes);
    /// Into m_block.
    [[nodiscard]] Result<void> tryBlock(qint64 offset);
    [[nodiscard]] Result<void> checkStillAnswers();
    void note(const Gap &gap);

    BlockDevice &m_device;
    AlignedBuffer m_block;
    QList<Gap> m_gaps;
    qint64 m_goodEnd = 0; ///< of what was read last; 0: nothing was
};

/// Bytes in all `gaps`.
[[nodiscard]] qint64 bytesOf(const QList<Gap> &gaps);

/// "1024 bytes could not be read (at 512-1024, 4096-4608)", with the first few.
[[nodiscard]] QString gapsText(const QList<Gap> &gaps);

} // namespace core
