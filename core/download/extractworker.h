#pragma once
#include "core/download/unpackbudget.h"
#include "core/jobs/jobworker.h"

namespace core {

/// What to unpack, and where to.
struct ExtractSpec {
    /// Absolute path of the archive.
    QString archive;
    /// Absolute folder in which the unpacked folder is made.
    QString to;
    friend bool operator==(const ExtractSpec &, const ExtractSpec &) = default;
};

/// Unpacks an archive into a folder of its own.
///
///   a hidden folder beside the result  nothing of an unfinished run is ever under the final name
///     → every entry: its path is proven to stay inside (archiveentry.h), then written
///     → renamed to the archive's name, "name (1)" when that is taken; an archive that holds one
///       folder becomes that folder
///
/// Links stay inside or the job fails; devices, pipes and sockets too. No owner, no set-user-id bit
/// and no file flag is taken over. Fails with `Unsupported` (no archive, or an entry that may not be
/// made), `ChecksumMismatch` (damaged), `LimitExceeded` and `NoSpace` (see UnpackBudget), `FileAccess`;
/// nothing stays behind then. A stopped run begins anew.
class ExtractWorker final : public JobWorker
{
public:
    /// `jobKey` names the job among all that may ever use the folder.
    ExtractWorker(ExtractSpec spec, const QString &jobKey, UnpackBudget::Limits limits = {});

    [[nodiscard]] Result<Outcome> run(std::stop_token stop, ProgressCell &progress) override;
    void discard() override;

private:
    [[nodiscard]] Result<Outcome> unpack(const std::stop_token &stop, ProgressCell &progress) const;
    [[nodiscard]] Result<QString> place() const;

    const ExtractSpec m_spec;
    const QString m_staging;
    const UnpackBudget::Limits m_limits;
};

} // namespace core
