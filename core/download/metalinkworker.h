#pragma once
#include "core/download/downloadplace.h"
#include "core/download/folderchoice.h"
#include "core/download/metalink.h"
#include "core/jobs/jobworker.h"

#include <functional>

namespace core {

/// What a Metalink job needs besides its spec.
struct MetalinkPlace {
    /// Adds a job for each file, unless an earlier run did; answers how many there are. Called on the
    /// job's thread; may wait for the hub thread until `stop`.
    using AddItems =
        std::function<Result<int>(const QList<DownloadSpec> &items, const std::stop_token &stop)>;

    /// `folder` is the one of the document itself, which is kept only until it is read.
    DownloadPlace download;
    FolderChoice folders;
    AddItems addItems;
};

/// Reads a Metalink 4 document, on a server or on this machine; its files become jobs of their own.
///
/// A file that cannot be had (no HTTP address, an address that is forbidden) is left out and named;
/// the others are added. Fails as DownloadWorker does, with `LimitExceeded` for a document of more
/// than LargestDocument bytes, with `NotFound` when no file is left, and as parseMetalink says.
class MetalinkWorker final : public JobWorker
{
public:
    static constexpr qint64 LargestDocument = qint64(32) << 20;

    MetalinkWorker(DownloadSpec spec, MetalinkPlace place);

    [[nodiscard]] Result<Outcome> run(std::stop_token stop, ProgressCell &progress) override;
    void discard() override;

private:
    /// Where the document is read from; nullopt when it is stopped.
    [[nodiscard]] Result<std::optional<QString>> fetch(const std::stop_token &stop,
                                                       ProgressCell &progress) const;
    [[nodiscard]] Result<DownloadSpec> itemFor(const MetalinkFile &file) const;

    const DownloadSpec m_spec;
    MetalinkPlace m_place;
};

} // namespace core
