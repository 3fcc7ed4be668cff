#pragma once
#include "core/download/downloadplace.h"
#include "core/download/mediaworker.h"

namespace core {

/// Fetches what is at a URL, whatever it is: a page that yt-dlp knows as media, anything else as the file
/// it is. The job becomes one of kind media as soon as that is known; its next run is MediaWorker's.
class AutoWorker final : public JobWorker
{
public:
    /// `media` is for the same URL.
    AutoWorker(DownloadSpec spec, DownloadPlace place, std::unique_ptr<MediaWorker> media);

    [[nodiscard]] Result<Outcome> run(std::stop_token stop, ProgressCell &progress) override;
    void discard() override;
    void conclude() override;

private:
    const DownloadSpec m_spec;
    DownloadPlace m_place;
    const std::unique_ptr<MediaWorker> m_media;
    bool m_isMedia = false;
};

} // namespace core
