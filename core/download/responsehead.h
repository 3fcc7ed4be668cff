#pragma once
#include "core/download/contentrange.h"
#include "core/download/remoteidentity.h"

#include <QList>
#include <QPair>
#include <QUrl>

#include <chrono>

namespace core {

/// What the head of an answer says, as far as a download asks.
struct ResponseHead {
    int status = 0;
    /// The URL that answered, after all redirects.
    QUrl url;
    /// Length of the body, -1 when not announced.
    qint64 contentLength = -1;
    bool isChunked = false;
    /// "Connection: close": the connection cannot be used again.
    bool closesConnection = false;
    /// There is a Content-Range, whether it can be read or not.
    bool hasContentRange = false;
    std::optional<ContentRange> contentRange;
    /// Lower case, empty for identity.
    QByteArray contentEncoding;
    QByteArray contentType;
    QByteArray contentDisposition;
    /// As sent, empty when there is none or it is weak.
    QByteArray etag;
    QByteArray lastModified;
    /// From Repr-Digest, else from Digest.
    std::optional<Checksum> checksum;
    bool isDateWeak = false; ///< RemoteIdentity's
    QByteArray location;
    /// From Retry-After (seconds or date, RFC 9110 §10.2.3); 0 when there is none.
    std::chrono::milliseconds retryAfter{0};

    /// The file these headers are about; the size is known from a 200's length, a 206's total.
    [[nodiscard]] RemoteIdentity identity() const;
    /// HTML that is shown, not saved.
    [[nodiscard]] bool isWebPage() const;
};

/// Reads the header lines of an answer received at `now`.
[[nodiscard]] ResponseHead readResponseHead(int status,
                                            const QList<QPair<QByteArray, QByteArray>> &lines,
                                            const QDateTime &now);

} // namespace core
