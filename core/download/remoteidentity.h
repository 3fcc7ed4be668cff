#pragma once
#include "core/base/checksum.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>

#include <optional>

namespace core {

/// What two identities say about whether the bytes are of one file.
enum class Sameness {
    /// A strong validator agrees.
    Same,
    /// Nothing contradicts it and nothing proves it: the bytes themselves have to be compared.
    Unproven,
    Different,
};

/// By what a job knows that two answers carry bytes of the same file. Kept in the journal.
struct RemoteIdentity {
    /// -1 while unknown.
    qint64 size = -1;
    /// Strong ETag as sent, quotes included; empty when there is none or it is weak (RFC 9110
    /// §8.8.3: a weak one does not promise equal bytes).
    QByteArray etag;
    /// Last-Modified as sent, empty when there is none.
    QByteArray lastModified;
    /// The file may have changed again within the second that lastModified names: it was that fresh
    /// when it was sent (RFC 9110 §8.8.2.2).
    bool isDateWeak = false;
    /// Name and port of the server that answered, after all redirects.
    QString host;
    /// What the whole file hashes to, as a Repr-Digest or Digest header said.
    std::optional<Checksum> checksum;

    /// Whether a validator alone proves that the bytes of two answers are of one file.
    [[nodiscard]] bool hasValidator() const { return !ifRange().isEmpty(); }
    /// What If-Range asks for: the strong ETag, else the strong date (RFC 9110 §13.1.5); may be empty.
    [[nodiscard]] QByteArray ifRange() const
    {
        return etag.isEmpty() && !isDateWeak ? lastModified : etag;
    }
    /// Whether `other` is the same file. Equal strong ETags prove it, else equal strong dates.
    /// Validators that differ disprove it, but for nodes that serve one file and make their own: only
    /// the ETags differ (Apache makes them from the inode), or only the dates, and the hosts do too.
    [[nodiscard]] Sameness compare(const RemoteIdentity &other) const;
    friend bool operator==(const RemoteIdentity &, const RemoteIdentity &) = default;
};

/// RemoteChanged for `url`, naming what was known and what came.
[[nodiscard]] Error
remoteChanged(const QString &url, const RemoteIdentity &known, const RemoteIdentity &found);

/// RemoteChanged for `url`, which sent other bytes for a range than those that are here.
[[nodiscard]] Error bytesChanged(const QString &url);

/// An HTTP date in any of the three forms of RFC 9110 §5.6.7, in UTC; invalid when it is none.
[[nodiscard]] QDateTime parseHttpDate(const QByteArray &value);

} // namespace core
