#pragma once
#include "core/base/result.h"

#include <QString>

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
    friend bool operator==(const RequestSpec &, const RequestSpec &) = default;
};

/// Fails with `InvalidArgument` naming the member and what would be right. What a member says may
/// not be said by one of the hand-set `headers` too: one of them would be dropped silently.
[[nodiscard]] Result<void> checkRequest(const RequestSpec &request,
                                        const QList<HeaderLine> &headers);

} // namespace core
