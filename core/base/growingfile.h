#pragma once
#include "core/base/byteranges.h"
#include "core/base/files.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

namespace core {

/// A file that one job fetches while another one reads it: the only thing the two know of each other.
///
///   who fetches:  begin() → add() … → settle(); begin() again when it goes on after a stop;
///                 restart() when bytes that were there are there no more
///   who reads:    waitForBeginning() → waitFor(), then reading from the descriptor … → waitForEnd()
///   who has both: succeed() or fail(), once
///
/// Bytes that are here stay as they are, or everyone who reads them fails with `RemoteChanged`.
/// Threads: any.
class GrowingFile
{
public:
    /// A wait that is longer than this is told of.
    static constexpr std::chrono::milliseconds LongWait{500};

    /// The file as one reader knows it.
    struct Opened {
        std::shared_ptr<const FileDescriptor> file;
        QString path; ///< where it was when it was begun
        qint64 size = 0; ///< bytes of the whole
        int generation = 0;
    };
    enum class Waited { No, Yes };
    struct Patience {
        std::stop_token stop;
        /// Called at most once in a wait, when it becomes a long one; may be empty.
        std::function<void()> onLong;
    };

    /// `file` is open to be read; `size` is -1 while it is unknown; `present` is there already.
    void begin(FileDescriptor file, const QString &path, qint64 size, const ByteRanges &present);
    /// The bytes of `range` were written.
    void add(ByteRange range);
    /// The size turned out when everything was there.
    void settle(qint64 size);
    /// Only `present` is there any more, of a file of `size` bytes.
    void restart(qint64 size, const ByteRanges &present);
    /// What is waited for and not there; who waits longest comes first.
    [[nodiscard]] QList<ByteRange> wanted() const;

    /// Everything is there and proven; `sha256` (32 raw bytes) is that of the file.
    void succeed(const QByteArray &sha256);
    /// What is missing will not come.
    void fail(Error why);

    [[nodiscard]] bool hasSucceeded() const;
    /// Empty before the beginning.
    [[nodiscard]] QString path() const;

    // All waits fail with the Error of fail(), and with `InvalidState` when stop is requested.

    /// Until there is a file of a known size. Fails with `NotFound` when it succeeded without one.
    [[nodiscard]] Result<Opened> waitForBeginning(const Patience &patience);
    /// Until every byte of `range` is there; it ends at `file.size` at most.
    [[nodiscard]] Result<Waited>
    waitFor(const Opened &file, ByteRange range, const Patience &patience);
    /// Until it succeeded: the file's SHA-256.
    [[nodiscard]] Result<QByteArray> waitForEnd(const Opened &file, const Patience &patience);

private:
    /// False when stop is requested first.
    template<typename Condition>
    bool wait(std::unique_lock<std::mutex> &lock, const Patience &patience, Condition isOver);
    void replacePresent(const ByteRanges &present);
    [[nodiscard]] Result<void> check(const Opened &file) const;

    mutable std::mutex m_mutex; ///< guards what follows
    std::condition_variable_any m_changed;
    std::shared_ptr<const FileDescriptor> m_file;
    QString m_path;
    qint64 m_size = -1;
    ByteRanges m_present;
    QList<ByteRange> m_waits;
    /// Grows when bytes that were there are there no more.
    int m_generation = 0;
    bool m_hasSucceeded = false;
    QByteArray m_sha256;
    std::optional<Error> m_error;
};

} // namespace core
