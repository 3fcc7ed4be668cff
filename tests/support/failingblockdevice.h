#pragma once
#include "core/flash/blockdevice.h"

#include <QByteArray>
#include <QList>

#include <atomic>
#include <functional>
#include <mutex>

namespace tests {

/// What goes wrong on a drive, where, and how often.
struct DriveFault {
    enum class Kind {
        ShortRead, // half of what was asked for, in whole blocks
        ShortWrite,
        ReadError, // answers `error`
        WriteError,
        FlushError,
        FlipOnRead, // one bit of the first byte read in the range is wrong
        DropWrite, // says it wrote, and did not
    };
    static constexpr int Always = -1;

    Kind kind = Kind::WriteError;
    /// The fault hits calls that touch `[begin, end)`.
    qint64 begin = 0;
    qint64 end = std::numeric_limits<qint64>::max();
    /// How many calls are hit.
    int times = Always;
    /// What the call answers, an errno.
    int error = 5; // EIO
};

/// A drive in memory that fails as the test says.
/// Threads: as BlockDevice, one call after the other; the test looks at it when nobody uses it.
class FailingBlockDevice final : public core::BlockDevice
{
public:
    /// Filled with `filler`, as a drive that was used before.
    explicit FailingBlockDevice(qint64 size, qint64 blockBytes = 512, char filler = '\x5a');

    void add(DriveFault fault) { m_faults.append(fault); }
    /// A counterfeit: addresses go on at 0 after `bytes`.
    void wrapAt(qint64 bytes) { m_realSize = bytes; }
    /// Is unplugged in the middle of the write that would be the first to go beyond that many
    /// written bytes.
    void vanishAfter(qint64 writtenBytes) { m_vanishAfter = writtenBytes; }
    /// Says that it flushed, and did not: what was written is lost with the power.
    void lieAboutFlush() { m_liesAboutFlush = true; }
    /// That many writes are to be under way at once.
    void setWriteDepth(int depth) { m_writeDepth = depth; }
    /// Called after every write call, also one that failed; no other call is under way then.
    void setOnWrite(std::function<void(const FailingBlockDevice &)> look) { m_onWrite = look; }

    /// What a reader sees.
    [[nodiscard]] const QByteArray &content() const { return m_content; }
    /// What is left when the power is cut here and nothing unflushed got through.
    [[nodiscard]] const QByteArray &durable() const { return m_durable; }
    [[nodiscard]] qint64 writtenBytes() const { return m_written; }
    [[nodiscard]] int writeCalls() const { return m_writeCalls; }
    [[nodiscard]] int flushes() const { return m_flushes; }

    [[nodiscard]] QString name() const override { return QStringLiteral("fake drive"); }
    [[nodiscard]] qint64 size() const override { return m_size; }
    [[nodiscard]] qint64 blockBytes() const override { return m_blockBytes; }
    [[nodiscard]] int writeDepth() const override { return m_writeDepth; }

protected:
    [[nodiscard]] qint64 readSome(qint64 offset, std::span<char> bytes) override;
    [[nodiscard]] qint64 writeSome(qint64 offset, std::span<const char> bytes) override;
    [[nodiscard]] int flushOnce() override;
    [[nodiscard]] bool isGone() const override { return m_isGone; }

private:
    /// The fault of that kind that hits the call; it counts as used. Null when there is none.
    const DriveFault *take(DriveFault::Kind kind, qint64 offset, qint64 bytes);
    qint64 store(qint64 offset, std::span<const char> bytes);

    std::mutex m_mutex; // guards what the calls change
    const qint64 m_size;
    const qint64 m_blockBytes;
    int m_writeDepth = 1;
    qint64 m_realSize;
    qint64 m_vanishAfter = std::numeric_limits<qint64>::max();
    std::atomic<bool> m_isGone{false};
    bool m_liesAboutFlush = false;
    QList<DriveFault> m_faults;
    QByteArray m_content;
    QByteArray m_durable;
    qint64 m_written = 0;
    int m_writeCalls = 0;
    int m_flushes = 0;
    std::function<void(const FailingBlockDevice &)> m_onWrite;
};

} // namespace tests
