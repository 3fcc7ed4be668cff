#pragma once
#include "core/base/result.h"

#include <QString>

#include <span>

namespace core {

/// The open handle of a drive, of a plain file that stands for one, or of a fake in a test.
///
/// Offsets and lengths are multiples of blockBytes(), and memory is aligned to MemoryAlignment:
/// anything else is a bug of the caller. Interrupted calls are repeated and short ones continued.
/// Everything here fails with `DeviceGone` when the drive vanished, with `NoSpace` when it ends
/// earlier than it says, else with `DeviceFailed`; the context names drive, offset and the system's
/// words.
/// Threads: write() by writeDepth() threads at once and read() beside them, each of other places; the
/// rest by one at a time.
class BlockDevice
{
public:
    static constexpr qint64 MemoryAlignment = 4096;

    virtual ~BlockDevice() = default;

    /// What a log calls the drive.
    [[nodiscard]] virtual QString name() const = 0;
    /// Bytes, a multiple of blockBytes().
    [[nodiscard]] virtual qint64 size() const = 0;
    /// Bytes of a logical block: 512 or 4096.
    [[nodiscard]] virtual qint64 blockBytes() const = 0;
    /// How many writes are to be under way at once to keep the drive busy, at least one.
    [[nodiscard]] virtual int writeDepth() const { return 1; }

    [[nodiscard]] Result<void> read(qint64 offset, std::span<char> bytes);
    [[nodiscard]] Result<void> write(qint64 offset, std::span<const char> bytes);
    /// Makes what was written durable, in the drive's own cache too.
    [[nodiscard]] Result<void> flush();
    /// What is read afterwards comes from the medium as far as that can be had.
    virtual void dropCache() { }

protected:
    /// Bytes done, at least one, or a negative errno.
    [[nodiscard]] virtual qint64 readSome(qint64 offset, std::span<char> bytes) = 0;
    [[nodiscard]] virtual qint64 writeSome(qint64 offset, std::span<const char> bytes) = 0;
    /// 0 or a negative errno.
    [[nodiscard]] virtual int flushOnce() = 0;
    /// Asked after an error that may also mean that the drive was unplugged.
    [[nodiscard]] virtual bool isGone() const = 0;

private:
    friend class DrivePart; // hands on what it is asked
    void assertAligned(qint64 offset, std::span<const char> bytes) const;
    [[nodiscard]] tl::unexpected<Error> failed(qint64 error, const char *what, qint64 offset) const;
};

} // namespace core
