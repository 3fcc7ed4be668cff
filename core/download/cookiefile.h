#pragma once
#include "core/base/result.h"

#include <QList>
#include <QNetworkCookie>
#include <QUrl>

namespace core {

/// Cookies from a Netscape cookie file, as browsers' exporters, curl and yt-dlp write it: one line a
/// cookie, seven fields separated by tabs: domain, TRUE for its subdomains too, path, TRUE for TLS
/// only, expiry in seconds since 1970 (0: with the session), name, value. "#HttpOnly_" before the
/// domain is part of the cookie; other lines that begin with # are comments. Pure.
///
/// forHost() writes one for programs that take no header for one site alone.
class CookieFile
{
public:
    /// A larger file is none.
    static constexpr qint64 MostBytes = qint64(4) << 20;

    /// Fails with `InvalidArgument` naming the first line that cannot be used, never its content.
    [[nodiscard]] static Result<QList<QNetworkCookie>> parse(const QByteArray &text);

    /// What parse() makes of the file at `path`. Fails with `FileAccess` when it cannot be read; the
    /// context names the path.
    [[nodiscard]] static Result<QList<QNetworkCookie>> read(const QString &path);

    /// A file with the cookies of the Cookie header `pairs` (RFC 6265 §4.2.1) for all paths of the host of
    /// `url`, over TLS only where `url` is; what has no name is left out.
    [[nodiscard]] static QByteArray forHost(const QUrl &url, const QString &pairs);
};

} // namespace core
