#pragma once
#include "core/base/units.h"
#include "core/flash/bufferpool.h"
#include "core/flash/rescuereader.h"

#include <condition_variable>
#include <deque>
#include <optional>
#include <thread>

namespace core {

/// A drive is read in pieces of this many bytes; its last may be shorter.
constexpr qint64 PieceBytes = 8_MiB;

/// A piece of a drive, in memory.
struct DrivePiece {
    qint64 offset = 0;
    qint64 bytes = 0;
    std::shared_ptr<const AlignedBuffer> buffer;
};

/// Reads a whole drive from its beginning to its end on a thread of its own, some pieces ahead of whoever
/// takes them.
/// Threads: next() and gaps() from one.
class DriveReadAhead
{
public:
    /// Nobody else uses `device` while this lives.
    explicit DriveReadAhead(BlockDevice &device);
    DriveReadAhead(const DriveReadAhead &) = delete;
    DriveReadAhead &operator=(const DriveReadAhead &) = delete;

    /// The next piece; nullopt after the last, and when `stop` is requested. Fails as RescueReader::read.
    [[nodiscard]] Result<std::optional<DrivePiece>> next(const std::stop_token &stop);
    /// What could not be read, once next() has given nullopt.
    [[nodiscard]] const QList<Gap> &gaps() const { return m_reader.gaps(); }

private:
    void run(const std::stop_token &stop);
    [[nodiscard]] bool waitForRoom(const std::stop_token &stop);

    BlockDevice &m_device;
    RescueReader m_reader; // the thread's until it has ended
    const std::shared_ptr<BufferPool> m_pool;

    std::mutex m_mutex; // guards what follows
    std::condition_variable_any m_changed;
    std::deque<DrivePiece> m_waiting;
    bool m_isEnded = false;
    std::optional<Error> m_error;

    std::jthread m_thread;
};

} // namespace core
