#pragma once
#include "core/download/downloadplace.h"
#include "core/download/downloadspec.h"
#include "core/jobs/jobworker.h"

namespace core {

/// Downloads one file over HTTP or HTTPS: DownloadRun says in which steps.
///
/// Errors a user can do something about: `HostNotFound`, `ConnectionRefused`, `Timeout`, `Network`,
/// `TlsFailed`, `AuthenticationRequired`, `NotFound`, `HttpStatus`, `RedirectLoop`,
/// `ProtocolViolation`, `RemoteChanged` (a retry starts over), `ChecksumMismatch` (the file is kept
/// as "<name>.bad"), `NoSpace`, `FileAccess`, `FileExists`. The context names URL, path or digests.
class DownloadWorker final : public JobWorker
{
public:
    /// `spec` has passed checkSpec().
    DownloadWorker(DownloadSpec spec, DownloadPlace place);

    [[nodiscard]] Result<Outcome> run(std::stop_token stop, ProgressCell &progress) override;
    /// Removes the part file and the journal of this job, and no other job's.
    void discard() override;
    void conclude() override;

private:
    const DownloadSpec m_spec;
    const DownloadPlace m_place;
};

} // namespace core
