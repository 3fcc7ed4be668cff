#pragma once
#include "core/jobs/jobworker.h"

namespace core {

/// What to move, and where to.
struct MoveSpec {
    /// Absolute path of the file; empty: there is none.
    QString file;
    /// Absolute folder; made when it is not there.
    QString to;
    /// What a copy must hash to, lower-case hexadecimal; empty: what the file has is right.
    QString sha256;
    friend bool operator==(const MoveSpec &, const MoveSpec &) = default;
};

/// Moves a finished file to another folder, "name (1)" when its name is taken there.
///
///   within a file system  which name is recorded → one rename
///   else                  a copy under a hidden name, durable, read back and compared → which name is
///                         recorded → renamed → the folder is durable → the original is removed
///
/// The record stays until conclude(): a run that was killed is finished by the next one, which finds
/// its file. Whatever fails or is stopped before the rename leaves the original and nothing else.
/// Fails with `NotFound` when the file is gone, `ChecksumMismatch`, `NoSpace`, `FileAccess`.
class MoveWorker final : public JobWorker
{
public:
    /// `jobKey` names the job among all that may ever use the folder.
    MoveWorker(MoveSpec spec, const QString &jobKey);

    [[nodiscard]] Result<Outcome> run(std::stop_token stop, ProgressCell &progress) override;
    void discard() override;
    void conclude() override;

private:
    [[nodiscard]] Result<QString> move();
    [[nodiscard]] Result<void> prepare() const;
    [[nodiscard]] QString placedBefore() const;
    [[nodiscard]] Result<QString> place(const QString &from, const QString &sha256) const;
    [[nodiscard]] Result<QString> copy();
    [[nodiscard]] Outcome finish(const QString &path);

    const MoveSpec m_spec;
    const QString m_part;
    const QString m_record;
    std::stop_token m_stop;
    ProgressCell *m_progress = nullptr; ///< while it runs
};

} // namespace core
