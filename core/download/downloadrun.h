#pragma once
#include "core/download/downloadplace.h"
#include "core/download/fileassembly.h"
#include "core/download/fileproof.h"
#include "core/download/landing.h"
#include "core/download/probe.h"
#include "core/jobs/jobworker.h"

namespace core {

/// One run of a download, from finding what an earlier run left to the finished file.
///
///   openFolder     the folder is there and can be written to
///   findEarlier    part, journal, or a file that was renamed and not recorded
///   findChecksum   in a list on the server, when the spec says so
///   askServer      the first request: what is there, under which name, can it be resumed
///   openPart       claim a name, or go on with the earlier part; check the space
///   transferBytes
///   hashRest       what the hasher has not reached yet
///   repair         pieces that are damaged are fetched again
///   checkDigest    against the checksum given or announced; a wrong file is kept aside
///   moveToTarget
///
/// Each step that fails or is stopped leaves everything on disk to go on from.
/// Threads: made and used on the job's thread.
class DownloadRun
{
public:
    DownloadRun(const DownloadSpec &spec,
                const DownloadPlace &place,
                ProgressCell &progress,
                std::stop_token stop);

    [[nodiscard]] Result<Outcome> execute();

private:
    using Step = Result<Outcome> (DownloadRun::*)();

    [[nodiscard]] Result<Outcome> openFolder();
    [[nodiscard]] Result<Outcome> findEarlier();
    [[nodiscard]] Result<Outcome> findChecksum();
    [[nodiscard]] Result<Outcome> askServer();
    [[nodiscard]] Result<Outcome> openPart();
    [[nodiscard]] Result<Outcome> transferBytes();
    [[nodiscard]] Result<Outcome> hashRest();
    [[nodiscard]] Result<Outcome> repair();
    [[nodiscard]] Result<Outcome> checkDigest();
    [[nodiscard]] Result<Outcome> moveToTarget();

    /// A file that is renamed already: proven again, then done.
    [[nodiscard]] Result<Outcome> finishRenamed(const QString &path, const QString &digest);
    void showPraise();
    [[nodiscard]] Result<Outcome> giveUp(const Error &why) const;
    [[nodiscard]] Result<Outcome> assemble();
    [[nodiscard]] Result<Outcome> joinAnswer();
    /// What is known of the bytes that are here.
    [[nodiscard]] const JournalRecord &record() const;
    [[nodiscard]] Probe::Question question() const;
    [[nodiscard]] Result<Outcome> ask(const Probe::Question &question);
    [[nodiscard]] bool isGivenAway() const;
    [[nodiscard]] bool isComplete() const { return m_landing && record().isComplete(); }
    [[nodiscard]] Result<Outcome> fetchAgain(const ByteRanges &damaged);
    [[nodiscard]] Result<Outcome> keepAside(const Error &wrong) const;
    [[nodiscard]] Result<void> markChanged() const;
    [[nodiscard]] Result<Landing> claim(const QString &name) const;
    [[nodiscard]] bool isSkipped(const QString &name);
    void showTarget(const QString &path);
    void showDigest();

    const DownloadSpec &m_spec;
    const DownloadPlace &m_place;
    ProgressCell &m_progress;
    const std::stop_token m_stop;
    DownloadSource m_source;
    std::optional<Landing> m_landing;
    std::optional<Probe::Answer> m_answer;
    std::unique_ptr<FileAssembly> m_assembly;
    bool m_isFinished = false; ///< nothing is left to fetch or to move
    FileProof m_proof;
    FileHash::Digests m_digests;
};

/// The folder a job's files are in: where an earlier run began, else where the place says.
[[nodiscard]] QString folderOf(const DownloadPlace &place);

} // namespace core
