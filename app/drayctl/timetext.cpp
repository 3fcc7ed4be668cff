#include "app/drayctl/timetext.h"

namespace app {

using namespace Qt::StringLiterals;

core::Result<QDateTime> timeFrom(const QString &text, const QDateTime &now)
{
    const QTime ofDay = QTime::fromString(text, u"H:mm"_s);
    if (ofDay.isValid()) {
        const QDateTime today(now.date(), ofDay);
        return today > now ? today : QDateTime(now.date().addDays(1), ofDay);
    }
    const QDateTime exact = QDateTime::fromString(QString(text).replace(u' ', u'T'), Qt::ISODate);
    if (exact.isValid() && text.contains(u':'))
        return exact;
    return core::fail(core::ErrorCode::InvalidArgument,
                      u"\"%1\" is not a time such as 23:30 or 2030-01-31T23:30"_s.arg(text));
}

} // namespace app
