#include "core/download/remoteidentity.h"

#include <QLocale>
#include <QTimeZone>

#include <array>

namespace core {

using namespace Qt::StringLiterals;

namespace {

bool isContradicted(const QByteArray &known, const QByteArray &found)
{
    return !known.isEmpty() && !found.isEmpty() && known != found;
}

/// A date that builds and images give to every file says nothing: 1970 or 1980, as archives begin.
bool isFixedDate(const QByteArray &lastModified)
{
    constexpr int FirstTrueYear = 1981;
    return parseHttpDate(lastModified).date().year() < FirstTrueYear;
}

} // namespace

Sameness RemoteIdentity::compare(const RemoteIdentity &other) const
{
    if (size >= 0 && other.size >= 0 && size != other.size)
        return Sameness::Different;
    if (!etag.isEmpty() && etag == other.etag)
        return Sameness::Same;
    const bool isSameDate = !lastModified.isEmpty() && lastModified == other.lastModified;
    if (etag.isEmpty() && isSameDate && !isDateWeak)
        return Sameness::Same;
    const bool isOtherDate = isContradicted(lastModified, other.lastModified);
    const bool isOtherTag = isContradicted(etag, other.etag);
    if (isOtherTag && isOtherDate)
        return Sameness::Different;
    const bool isNode = isOtherDate ? host != other.host : isSameDate && !isFixedDate(lastModified);
    return (isOtherTag || isOtherDate) && !isNode ? Sameness::Different : Sameness::Unproven;
}

Error remoteChanged(const QString &url, const RemoteIdentity &known, const RemoteIdentity &found)
{
    const auto describe = [](const RemoteIdentity &identity) {
        return u"%1 bytes, ETag %2, modified %3"_s.arg(QString::number(identity.size),
                                                       QString::fromLatin1(identity.etag),
                                                       QString::fromLatin1(identity.lastModified));
    };
    return {ErrorCode::RemoteChanged,
            u"%1 changed: it was %2; it is %3"_s.arg(url, describe(known), describe(found))};
}

Error bytesChanged(const QString &url)
{
    return {ErrorCode::RemoteChanged,
            u"%1 changed: it sent other bytes than those that are here"_s.arg(url)};
}

QDateTime parseHttpDate(const QByteArray &value)
{
    const QString text = QString::fromLatin1(value).simplified();
    const std::array formats = {u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s,
                                u"dddd, dd-MMM-yy hh:mm:ss 'GMT'"_s, u"ddd MMM d hh:mm:ss yyyy"_s};
    for (const QString &format : formats) {
        QDateTime time = QLocale::c().toDateTime(text, format);
        if (!time.isValid())
            continue;
        if (time.date().year() < 1970) // two-digit years count from 1900 in Qt
            time = time.addYears(100);
        return QDateTime(time.date(), time.time(), QTimeZone::utc());
    }
    return {};
}

} // namespace core
