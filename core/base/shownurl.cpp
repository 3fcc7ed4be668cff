#include "core/base/shownurl.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// Names in small letters without dashes and underscores: API_key is apikey. What alone, or with what is
/// public anyway, lets its holder in: passwords, tokens (RFC 6750 §2.3, OAuth's codes), sessions, and the
/// signatures of stores and CDNs with the keys and policies they were made with. Not what only says how long
/// or for what they hold (expires, Azure's se and sp).
constexpr std::array SecretNames = std::to_array<QLatin1StringView>(
    {"code"_L1, "hdnea"_L1, "hdnts"_L1, "jwt"_L1, "pass"_L1, "policy"_L1, "pwd"_L1, "rlkey"_L1,
     "session"_L1, "sessionid"_L1, "sid"_L1, "sig"_L1, "tempauth"_L1});
constexpr std::array SecretEndings = std::to_array<QLatin1StringView>(
    {"accesskeyid"_L1, "auth"_L1, "authorization"_L1, "credential"_L1, "key"_L1, "keypairid"_L1,
     "passphrase"_L1, "passwd"_L1, "password"_L1, "secret"_L1, "signature"_L1, "token"_L1});

bool isSecretName(const QString &name)
{
    QString plain = QUrl::fromPercentEncoding(name.toUtf8()).toLower();
    plain.remove(u'-').remove(u'_');
    const auto isEnding = [&plain](QLatin1StringView ending) { return plain.endsWith(ending); };
    return std::ranges::find(SecretNames, plain) != SecretNames.end()
        || std::ranges::any_of(SecretEndings, isEnding);
}

QString withoutQuerySecrets(const QString &url)
{
    const qsizetype query = url.indexOf(u'?') + 1;
    if (query == 0)
        return url;
    QStringList members = url.mid(query).split(u'&');
    for (QString &member : members) {
        const qsizetype value = member.indexOf(u'=') + 1;
        if (value > 0 && value < member.size() && isSecretName(member.left(value - 1)))
            member = member.left(value) + "***"_L1;
    }
    return url.left(query) + members.join(u'&');
}

} // namespace

QString shownUrl(const QUrl &url)
{
    return withoutQuerySecrets(
        url.toString(QUrl::RemoveUserInfo | QUrl::RemoveFragment | QUrl::FullyEncoded));
}

QString shownText(QString text)
{
    static const QRegularExpression url(u"https?://[^\\s\"'<>()]+"_s,
                                        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression login(u"^([^:]+://)[^/?#]*@"_s);
    qsizetype from = 0;
    for (auto found = url.match(text); found.hasMatch(); found = url.match(text, from)) {
        const QString shown = withoutQuerySecrets(found.captured().replace(login, u"\\1"_s));
        text.replace(found.capturedStart(), found.capturedLength(), shown);
        from = found.capturedStart() + shown.size();
    }
    return text;
}

} // namespace core
