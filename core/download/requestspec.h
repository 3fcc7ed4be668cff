#pragma once
#include "core/base/result.h"

#include <QString>
#include <QStringList>

namespace core {

struct HeaderLine;

/// Who a download is to the server. Every member is what the user gave for one job; empty: the
/// setting of that name, else nothing.
struct RequestSpec {
    /// Sent as User-Agent; empty: the setting download.userAgent.
    QString userAgent;
    /// Sent as Referer, to redirect targets too.
    QString referer;
    /// Absolute path of a Netscape cookie file, read when the job runs.
    QString cookies;
    /// For HTTP authentication (Basic and Digest) with the URL's origin, and no other.
    QString user;
    QString password;
    /// Absolute path of a .netrc file to look for user and password in, read when the job runs;
    /// empty: the setting download.netrc when the job is added, for those who may have it.
    QString netrc;
    /// As ProxyAddress reads it; empty: the setting download.proxy, else the environment.
    QString proxy;
    friend bool operator==(const RequestSpec &, const RequestSpec &) = default;
};

/// Fails with `InvalidArgument` naming the member and what would be right. What a member says may
/// not be said by one of the hand-set `headers` too: one of them would be dropped silently.
/// No message shows a password.
[[nodiscard]] Result<void> checkRequest(const RequestSpec &request,
                                        const QList<HeaderLine> &headers);

/// The files on this machine that it names.
[[nodiscard]] QStringList localFiles(const RequestSpec &request);

/// What of it may go to another origin than it was given for: all but the login.
[[nodiscard]] RequestSpec requestForOtherOrigin(RequestSpec request);

} // namespace core
