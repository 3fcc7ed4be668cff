#pragma once
#include "core/base/digest.h"
#include "core/flash/alignedbuffer.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace core {

/// A SHA-256 that runs beside whoever reads: on a fast drive hashing takes longer than reading.
/// Threads: add() and finish() from one.
class HashThread
{
public:
    HashThread();
    HashThread(const HashThread &) = delete;
    HashThread &operator=(const HashThread &) = delete;

    /// Hashes the first `bytes` bytes of the buffer, which must not be changed afterwards. Waits when
    /// too much is waiting.
    void add(std::shared_ptr<const AlignedBuffer> buffer, qint64 bytes);
    /// The digest of all that was added, 32 raw bytes. Nothing is added afterwards.
    [[nodiscard]] QByteArray finish();

private:
    struct Work {
        std::shared_ptr<const AlignedBuffer> buffer;
        qint64 bytes = 0;
    };
    void run(const std::stop_token &stop);

    Sha256 m_hash; // the thread's
    std::mutex m_mutex; // guards what follows
    std::condition_variable_any m_changed;
    std::deque<Work> m_waiting;
    bool m_isFinished = false;
    std::jthread m_thread;
};

} // namespace core
