#pragma once
#include "core/base/filehash.h"
#include "core/download/partfile.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace core {

/// Hashes a growing part file from its beginning, behind the transfer: it reads back from the page
/// cache what was written (from the disk after a restart), so the digest is one of the file's bytes
/// and the transfer never waits for it. A file of up to InlineBytes is hashed in finish(), where it
/// costs less than a thread would.
/// Threads: the public functions on the job's thread, the hashing on a thread of its own,
/// which is started for the first large file.
class PrefixHasher
{
public:
    static constexpr qint64 InlineBytes = qint64(1) << 20;

    /// `part` must outlive this. `also` is hashed beside SHA-256, in the same pass.
    explicit PrefixHasher(const PartFile &part, std::optional<DigestAlgorithm> also = std::nullopt);
    ~PrefixHasher();
    Q_DISABLE_COPY_MOVE(PrefixHasher)

    /// The bytes [0, end) are written and stay as they are.
    void advance(qint64 end);
    /// The bytes so far are void; begins again at 0.
    void restart();
    /// Bytes hashed so far.
    [[nodiscard]] qint64 hashed() const;
    /// Waits until [0, size) is hashed. The digests are empty when `stop` came first; fails when the
    /// file cannot be read back.
    [[nodiscard]] Result<FileHash::Digests> finish(qint64 size, const std::stop_token &stop);

private:
    void startThread();
    [[nodiscard]] Result<FileHash::Digests> hashHere(qint64 size);
    void work(const std::stop_token &stop);
    void beginAnewIfTold();
    [[nodiscard]] Result<qint64> hashStep(qint64 begin, qint64 end);

    static constexpr qint64 StepBytes = qint64(256) << 10;

    const PartFile &m_part;
    const std::optional<DigestAlgorithm> m_also;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    qint64 m_end = 0; ///< guarded by m_mutex, as is all below
    qint64 m_hashed = 0;
    int m_restarts = 0;
    int m_restartsSeen = 0;
    bool m_isBusy = false;
    std::optional<Error> m_error;
    FileHash m_hash; ///< used by the thread only while busy
    std::vector<char> m_buffer = std::vector<char>(size_t(StepBytes));
    std::jthread m_thread;
};

} // namespace core
