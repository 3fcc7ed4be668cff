#pragma once
#include "core/base/result.h"

#include <QProcessEnvironment>

namespace core {

struct DownloadSpec;
struct HeaderLine;

/// yt-dlp would send a header to every site: cookies go to it in a file that says which host they are for.
[[nodiscard]] bool isCookieHeader(const HeaderLine &line);

/// The cookies of a media job while yt-dlp runs, in a folder that only the user may read:
///
///   cookies.txt    a copy of the user's cookie file or made of the Cookie header; yt-dlp writes to it
///   yt_dlp_plugins makes a yt-dlp older than 2023.07.06 keep them to their hosts (CVE-2023-35934)
class MediaCookies
{
public:
    /// `folder` (absolute) is made by write() and belongs to the job.
    explicit MediaCookies(QString folder)
        : m_folder(std::move(folder))
    { }

    /// Does nothing when `page` has no cookies. Fails with `FileAccess` or `NoSpace`.
    [[nodiscard]] Result<void> write(const DownloadSpec &page);
    /// The cookie file; empty: there are none.
    [[nodiscard]] const QString &path() const { return m_path; }
    /// What yt-dlp is run in.
    [[nodiscard]] QProcessEnvironment environment() const;
    /// Also what a run that was killed has left.
    void remove() const;

private:
    [[nodiscard]] Result<void> writeFiles(const QByteArray &cookies) const;

    const QString m_folder;
    QString m_path;
};

} // namespace core
