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
    /// Spare: nobody is held up for it. What falls MostWaiting buffers behind is given up.
    enum class Need { Certain, Spare };
    static constexpr size_t MostWaiting = 32;

    explicit HashThread(Need need = Need::Certain);
    HashThread(const HashThread &) = delete;
    HashThread &operator=(const HashThread &) = delete;

    /// Hashes the first `bytes` bytes of the buffer, which must not be changed afterwards. Waits while
    /// MostWaiting of them wait, if the digest is needed.
    void add(std::shared_ptr<const AlignedBuffer> buffer, qint64 bytes);
    /// The digest of all that was added, 32 raw bytes; empty when it was given up. Nothing is added
    /// afterwards.
    [[nodiscard]] QByteArray finish();

private:
    struct Work {
        std::shared_ptr<const AlignedBuffer> buffer;
        qint64 bytes = 0;
    };
    void run(const std::stop_token &stop);

    const Need m_need;
    Sha256 m_hash; // the thread's
    std::mutex m_mutex; // guards what follows
    std::condition_variable_any m_changed;
    std::deque<Work> m_waiting;
    bool m_isFinished = false;
    bool m_isGivenUp = false;
    std::jthread m_thread;
};

} // namespace core
