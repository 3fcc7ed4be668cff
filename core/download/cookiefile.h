#pragma once
#include "core/base/result.h"

#include <QList>
#include <QNetworkCookie>

namespace core {

/// Cookies from a Netscape cookie file, as browsers' exporters, curl and yt-dlp write it: one line a
/// cookie, seven fields separated by tabs: domain, TRUE for its subdomains too, path, TRUE for TLS
/// only, expiry in seconds since 1970 (0: with the session), name, value. "#HttpOnly_" before the
/// domain is part of the cookie; other lines that begin with # are comments. Pure.
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
};

} // namespace core
