#pragma once
#include "core/jobservice.h"

namespace server {

/// What clients without specs ask for; the rest is as the settings say.
struct PlainDownload {
    QString url;
    /// Empty: the server's or the link's.
    QString name{};
};

/// Adds it with kind auto: a page that yt-dlp knows is taken as media.
void addDownload(core::JobService &service,
                 const core::Principal &who,
                 const PlainDownload &wanted,
                 const core::JobService::Added &answer);

} // namespace server
