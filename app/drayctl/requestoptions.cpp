#include "app/drayctl/requestoptions.h"

#include <QCommandLineParser>
#include <QDir>

namespace app {

using namespace Qt::StringLiterals;

QList<QCommandLineOption> requestOptions()
{
    return {
        {u"user-agent"_s, u"Call yourself <TEXT>."_s, u"TEXT"_s},
        {u"referer"_s, u"Say that the link was found at <URL>."_s, u"URL"_s},
        {u"cookies"_s, u"Send the cookies in <FILE> (Netscape format) that belong to the site."_s,
         u"FILE"_s},
    };
}

void insertRequest(QJsonObject &spec, const QCommandLineParser &options)
{
    if (options.isSet(u"user-agent"_s))
        spec.insert(u"userAgent"_s, options.value(u"user-agent"_s));
    if (options.isSet(u"referer"_s))
        spec.insert(u"referer"_s, options.value(u"referer"_s));
    if (options.isSet(u"cookies"_s))
        spec.insert(u"cookies"_s, QDir().absoluteFilePath(options.value(u"cookies"_s)));
}

} // namespace app
