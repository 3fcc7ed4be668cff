#include "core/download/responsehead.h"

#include "core/download/digestheader.h"

namespace core {
namespace {

using std::chrono::milliseconds;

/// Seconds by which the clocks of a server and its caches may differ.
constexpr qint64 StrongDateAge = 60;

milliseconds parseRetryAfter(const QByteArray &value, const QDateTime &now)
{
    bool isSeconds = false;
    const qint64 seconds = value.trimmed().toLongLong(&isSeconds);
    if (isSeconds)
        return std::chrono::seconds(std::clamp<qint64>(seconds, 0, 86'400));
    const QDateTime time = parseHttpDate(value);
    return time.isValid() ? milliseconds(std::clamp<qint64>(now.msecsTo(time), 0, 86'400'000))
                          : milliseconds(0);
}

qint64 parseLength(const QByteArray &value)
{
    bool isNumber = false;
    const qint64 length = value.trimmed().toLongLong(&isNumber);
    return isNumber && length >= 0 ? length : -1;
}

} // namespace

RemoteIdentity ResponseHead::identity() const
{
    RemoteIdentity identity{
        -1,      etag, lastModified, isDateWeak, url.adjusted(QUrl::RemoveUserInfo).authority(),
        checksum};
    if (contentRange)
        identity.size = contentRange->total;
    else if (status == 200 || status == 203)
        identity.size = contentLength;
    return identity;
}

bool ResponseHead::isWebPage() const
{
    return contentDisposition.isEmpty() && contentType.toLower().startsWith("text/html");
}

ResponseHead readResponseHead(int status,
                              const QList<QPair<QByteArray, QByteArray>> &lines,
                              const QDateTime &now)
{
    ResponseHead head;
    head.status = status;
    QDateTime sentAt;
    QByteArray retryAfter;
    std::optional<Checksum> olderChecksum;
    for (const auto &[rawName, value] : lines) {
        const QByteArray name = rawName.toLower();
        if (name == "content-length")
            head.contentLength = parseLength(value);
        else if (name == "content-range") {
            head.hasContentRange = true;
            head.contentRange = parseContentRange(value);
        } else if (name == "content-encoding")
            head.contentEncoding = value.trimmed().toLower();
        else if (name == "transfer-encoding")
            head.isChunked = value.toLower().contains("chunked");
        else if (name == "connection")
            head.closesConnection = value.toLower().contains("close");
        else if (name == "content-type")
            head.contentType = value.trimmed();
        else if (name == "content-disposition")
            head.contentDisposition = value;
        else if (name == "etag" && value.startsWith('"'))
            head.etag = value.trimmed();
        else if (name == "last-modified")
            head.lastModified = value.trimmed();
        else if (name == "date")
            sentAt = parseHttpDate(value);
        else if (name == "location")
            head.location = value.trimmed();
        else if (name == "repr-digest")
            head.checksum = checksumFromReprDigest(value);
        else if (name == "digest")
            olderChecksum = checksumFromDigest(value);
        else if (name == "retry-after")
            retryAfter = value;
    }
    // By the server's own clock where it tells it: ours may be hours off.
    head.retryAfter = parseRetryAfter(retryAfter, sentAt.isValid() ? sentAt : now);
    if (head.contentEncoding == "identity")
        head.contentEncoding.clear();
    if (!head.checksum)
        head.checksum = olderChecksum;
    // Without a Date the time of receipt stands in for it (RFC 9110 §6.6.1).
    const QDateTime modified = parseHttpDate(head.lastModified);
    head.isDateWeak =
        modified.isValid() && modified.secsTo(sentAt.isValid() ? sentAt : now) < StrongDateAge;
    return head;
}

} // namespace core
