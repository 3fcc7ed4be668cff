#include "core/download/autoworker.h"

#include "core/download/downloadworker.h"

namespace core {

AutoWorker::AutoWorker(DownloadSpec spec, DownloadPlace place, std::unique_ptr<MediaWorker> media)
    : m_spec(std::move(spec))
    , m_place(std::move(place))
    , m_media(std::move(media))
{ }

Result<Outcome> AutoWorker::run(std::stop_token stop, ProgressCell &progress)
{
    m_place.givesPageAway = [&] {
        m_isMedia = m_media->knowsPage(stop, progress);
        return m_isMedia;
    };
    const auto fetched = DownloadWorker(m_spec, m_place).run(stop, progress);
    if (!m_isMedia)
        return fetched;
    progress.edit([](JobDetails &details) { details.becomes = JobKind::Media; });
    return m_media->run(std::move(stop), progress);
}

void AutoWorker::discard()
{
    DownloadWorker(m_spec, m_place).discard();
    m_media->discard();
}

void AutoWorker::conclude()
{
    DownloadWorker(m_spec, m_place).conclude();
}

} // namespace core
