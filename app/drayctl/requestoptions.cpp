#include "app/drayctl/requestoptions.h"

#include "app/drayctl/passwordprompt.h"

#include <QCommandLineParser>
#include <QDir>

namespace app {

using namespace Qt::StringLiterals;

namespace {

void insertNetrc(QJsonObject &spec, const QCommandLineParser &options)
{
    if (options.isSet(u"netrc-file"_s))
        spec.insert(u"netrc"_s, QDir().absoluteFilePath(options.value(u"netrc-file"_s)));
    else if (options.isSet(u"netrc"_s))
        spec.insert(u"netrc"_s, QDir::home().filePath(u".netrc"_s));
}

tl::expected<void, Complaint> insertLogin(QJsonObject &spec, const QCommandLineParser &options)
{
    if (!options.isSet(u"user"_s))
        return {};
    const QString text = options.value(u"user"_s);
    const qsizetype colon = text.indexOf(u':');
    const QString user = text.left(colon);
    if (user.isEmpty())
        return usageError(u"--user needs a name before the password"_s);
    spec.insert(u"user"_s, user);
    const bool isInFile = spec.contains(u"netrc"_s);
    if (colon < 0 && isInFile)
        return {};
    const std::optional<QString> password =
        colon < 0 ? askPassword(u"Password of %1: "_s.arg(user)) : text.sliced(colon + 1);
    if (!password)
        return usageError(u"--user: no password was given"_s);
    spec.insert(u"password"_s, *password);
    return {};
}

} // namespace

QList<QCommandLineOption> requestOptions()
{
    return {
        {u"user-agent"_s, u"Call yourself <TEXT>."_s, u"TEXT"_s},
        {u"referer"_s, u"Say that the link was found at <URL>."_s, u"URL"_s},
        {u"cookies"_s, u"Send the cookies in <FILE> (Netscape format) that belong to the site."_s,
         u"FILE"_s},
        {u"user"_s,
         u"Log in as <NAME>; a password that is missing is asked for (else the first line of the "
         "input)."_s,
         u"NAME[:PASSWORD]"_s},
        {u"proxy"_s, u"Go through <URL>: http://, socks5://, socks5h:// or none."_s, u"URL"_s},
        {u"netrc"_s, u"Look for user and password in ~/.netrc."_s},
        {u"netrc-file"_s, u"Look for user and password in <FILE>."_s, u"FILE"_s},
    };
}

tl::expected<void, Complaint> insertRequest(QJsonObject &spec, const QCommandLineParser &options)
{
    if (options.isSet(u"user-agent"_s))
        spec.insert(u"userAgent"_s, options.value(u"user-agent"_s));
    if (options.isSet(u"referer"_s))
        spec.insert(u"referer"_s, options.value(u"referer"_s));
    if (options.isSet(u"proxy"_s))
        spec.insert(u"proxy"_s, options.value(u"proxy"_s));
    if (options.isSet(u"cookies"_s))
        spec.insert(u"cookies"_s, QDir().absoluteFilePath(options.value(u"cookies"_s)));
    insertNetrc(spec, options);
    return insertLogin(spec, options);
}

} // namespace app
