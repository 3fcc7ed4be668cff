#pragma once
#include "core/base/result.h"

#include <QByteArray>
#include <QDateTime>

namespace core {

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

    /// Whether bytes of two answers may be joined at all: without a validator they never are.
    [[nodiscard]] bool hasValidator() const { return !ifRange().isEmpty(); }
    /// What If-Range asks for: the strong ETag, else the strong date (RFC 9110 §13.1.5); may be empty.
    [[nodiscard]] QByteArray ifRange() const
    {
        return etag.isEmpty() && !isDateWeak ? lastModified : etag;
    }
    /// Whether `other` is the same file: no size that differs, and the strongest validator that this
    /// one has is there and equal.
    [[nodiscard]] bool isSameFile(const RemoteIdentity &other) const;
    friend bool operator==(const RemoteIdentity &, const RemoteIdentity &) = default;
};

/// RemoteChanged for `url`, naming what was known and what came.
[[nodiscard]] Error
remoteChanged(const QString &url, const RemoteIdentity &known, const RemoteIdentity &found);

/// An HTTP date in any of the three forms of RFC 9110 §5.6.7, in UTC; invalid when it is none.
[[nodiscard]] QDateTime parseHttpDate(const QByteArray &value);

} // namespace core
