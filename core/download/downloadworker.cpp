#include "core/download/downloadworker.h"

#include "core/download/downloadrun.h"

namespace core {

DownloadWorker::DownloadWorker(DownloadSpec spec, DownloadPlace place)
    : m_spec(std::move(spec))
    , m_place(std::move(place))
{ }

Result<Outcome> DownloadWorker::run(std::stop_token stop, ProgressCell &progress)
{
    DownloadRun run(m_spec, m_place, progress, std::move(stop));
    return run.execute();
}

void DownloadWorker::conclude()
{
    Landing::conclude(folderOf(m_place), m_place.jobKey, m_place.target);
}

void DownloadWorker::discard()
{
    Landing::discard(folderOf(m_place), m_place.jobKey);
}

} // namespace core
