#pragma once
#include "core/base/result.h"
#include "core/flash/extent.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace core {

/// Writes several extents at once, so that the drive always has the next one.
///
///   put() ─► at most `depth` extents wait or are under way ─► a thread for each
///
/// With a depth of one there is no thread: put() writes. After an error none is begun, and those that
/// were under way end. None is under way when this is destroyed.
/// Threads: put() and drain() from one; `write` is called by several at once.
class OutstandingWrites
{
public:
    using Write = std::function<Result<void>(const Extent &)>;

    OutstandingWrites(int depth, Write write);
    ~OutstandingWrites();
    OutstandingWrites(const OutstandingWrites &) = delete;
    OutstandingWrites &operator=(const OutstandingWrites &) = delete;

    /// Has the extent written; waits while `depth` are outstanding. Fails as an earlier one did.
    [[nodiscard]] Result<void> put(const Extent &extent);
    /// Waits until all are written. Fails as the first that failed.
    [[nodiscard]] Result<void> drain();

private:
    void run(const std::stop_token &stop);
    [[nodiscard]] Result<void> result() const;

    const size_t m_depth;
    const Write m_write;
    std::mutex m_mutex; // guards what follows
    std::condition_variable_any m_changed;
    std::deque<Extent> m_waiting;
    size_t m_outstanding = 0; // waiting or under way
    std::optional<Error> m_error;

    std::vector<std::jthread> m_threads;
};

} // namespace core
