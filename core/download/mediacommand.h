#pragma once
#include "core/download/mediaspec.h"

namespace core {

/// Where yt-dlp works: a folder of the job's own.
struct MediaStaging {
    QString folder;
    /// MediaCookies'; may be empty.
    QString cookies;

    /// What resolving found, so that fetching need not ask again.
    [[nodiscard]] QString pageFile() const { return folder + QLatin1StringView("/page.info.json"); }
};

/// The beginning of the names of all files it makes.
inline constexpr QLatin1StringView MediaBaseName("media");

/// A configuration for yt-dlp's standard input with everything that may be a secret, the URL too: any
/// user of the machine can read the arguments of a process.
[[nodiscard]] QByteArray mediaConfiguration(const MediaSpec &spec, const MediaStaging &staging);
/// Arguments with which yt-dlp tells what is behind the page, in JSON.
[[nodiscard]] QStringList mediaResolveArguments(const MediaSpec &spec);
/// Arguments with which it fetches what mediaResolveArguments() led to.
[[nodiscard]] QStringList mediaFetchArguments(const MediaSpec &spec, const MediaStaging &staging);

} // namespace core
