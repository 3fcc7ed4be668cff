#include "server/http/httpdate.h"

#include <QDateTime>
#include <QLocale>

namespace server {

using namespace Qt::StringLiterals;

QByteArray httpDate(qint64 seconds)
{
    return QLocale::c()
        .toString(QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC),
                  u"ddd, dd MMM yyyy HH:mm:ss 'GMT'"_s)
        .toLatin1();
}

std::optional<qint64> parseHttpDate(const QByteArray &text)
{
    const QString simple = QString::fromLatin1(text).simplified();
    for (const auto &format : {u"ddd, dd MMM yyyy HH:mm:ss 'GMT'"_s,
                               u"dddd, dd-MMM-yy HH:mm:ss 'GMT'"_s, u"ddd MMM d HH:mm:ss yyyy"_s}) {
        QDateTime time = QLocale::c().toDateTime(simple, format);
        if (!time.isValid())
            continue;
        // Two digits of a year mean the nearest past one; files are of this century.
        if (time.date().year() < 1970)
            time = time.addYears(100);
        time.setTimeSpec(Qt::UTC);
        return time.toSecsSinceEpoch();
    }
    return std::nullopt;
}

} // namespace server
