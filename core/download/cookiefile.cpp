#include "core/download/cookiefile.h"

#include "core/download/textfile.h"

#include <QDateTime>
#include <QHostAddress>

#include <optional>

namespace core {
namespace {

using namespace Qt::StringLiterals;

constexpr qsizetype Fields = 7;
constexpr QByteArrayView HttpOnlyMark("#HttpOnly_");

std::optional<bool> flagOf(const QByteArray &text)
{
    const QByteArray word = text.toUpper();
    if (word == "TRUE" || word == "FALSE")
        return word == "TRUE";
    return std::nullopt;
}

Result<QNetworkCookie> wrong(const char *why)
{
    return fail(ErrorCode::InvalidArgument, QString::fromLatin1(why));
}

/// With a leading dot, QNetworkCookieJar sends it to subdomains too; an address has none.
QString jarDomain(const QByteArray &field, bool withSubdomains)
{
    QString domain = QString::fromUtf8(field).toLower();
    while (domain.startsWith(u'.'))
        domain.remove(0, 1);
    const bool isAddress = !QHostAddress(domain).isNull();
    return withSubdomains && !isAddress ? u'.' + domain : domain;
}

bool isHost(const QString &domain)
{
    return domain.size() > 1 && !domain.contains(u'/') && !domain.contains(u' ');
}

/// Some writers leave a trailing empty value out together with its tab.
QList<QByteArray> fieldsOf(const QByteArray &line)
{
    QList<QByteArray> fields = line.split('\t');
    if (fields.size() == Fields - 1)
        fields.append(QByteArray());
    return fields;
}

Result<QNetworkCookie> cookieFrom(const QByteArray &line)
{
    const bool isHttpOnly = line.startsWith(HttpOnlyMark);
    const QList<QByteArray> fields = fieldsOf(isHttpOnly ? line.sliced(HttpOnlyMark.size()) : line);
    if (fields.size() != Fields)
        return wrong("seven fields separated by tabs are needed");
    const auto withSubdomains = flagOf(fields[1]);
    const auto isSecure = flagOf(fields[3]);
    if (!withSubdomains || !isSecure)
        return wrong("the second and the fourth field must be TRUE or FALSE");
    if (!fields[2].startsWith('/'))
        return wrong("the third field must be a path that begins with /");
    bool isNumber = false;
    const double expiry = fields[4].toDouble(&isNumber); // some writers give fractions
    if (!isNumber || !(expiry >= -1 && expiry <= 1e12)) // not a number, too
        return wrong("the fifth field must be a time in seconds since 1970, or 0");
    QNetworkCookie cookie(fields[5], fields[6]);
    cookie.setDomain(jarDomain(fields[0], *withSubdomains));
    if (fields[5].isEmpty() || !isHost(cookie.domain()))
        return wrong("the domain or the name is missing");
    for (const char c : fields[5] + fields[6])
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7f' || c == ';')
            return wrong("the name or the value has a control character or a semicolon");
    cookie.setPath(QString::fromUtf8(fields[2]));
    cookie.setSecure(*isSecure);
    cookie.setHttpOnly(isHttpOnly);
    if (expiry > 0)
        cookie.setExpirationDate(QDateTime::fromSecsSinceEpoch(qint64(expiry)));
    return cookie;
}

} // namespace

Result<QList<QNetworkCookie>> CookieFile::parse(const QByteArray &text)
{
    QList<QNetworkCookie> cookies;
    int number = 0;
    for (QByteArray line : text.split('\n')) {
        ++number;
        if (line.endsWith('\r'))
            line.chop(1);
        const bool isComment = line.startsWith('#') && !line.startsWith(HttpOnlyMark);
        if (isComment || line.trimmed().isEmpty())
            continue;
        const auto cookie = cookieFrom(line);
        if (!cookie)
            return fail(ErrorCode::InvalidArgument,
                        u"line %1: %2"_s.arg(QString::number(number), cookie.error().context));
        cookies.append(*cookie);
    }
    return cookies;
}

Result<QList<QNetworkCookie>> CookieFile::read(const QString &path)
{
    const auto text = readSmallFile(path, MostBytes, ReadableBy::Anyone);
    if (!text)
        return fail(text.error());
    auto cookies = parse(*text);
    if (!cookies)
        return fail(cookies.error().code,
                    u"%1 is not a cookie file: %2"_s.arg(path, cookies.error().context));
    return cookies;
}

QByteArray CookieFile::forHost(const QUrl &url, const QString &pairs)
{
    QByteArray domain = url.host(QUrl::FullyEncoded).toLatin1();
    if (!domain.contains('.') && !domain.contains(':'))
        domain += ".local"; // as Python's cookie jar, which yt-dlp uses, calls such a host
    const QByteArray place =
        domain + "\tFALSE\t/\t" + (url.scheme() == "https"_L1 ? "TRUE" : "FALSE") + "\t0\t";
    QByteArray text("# Netscape HTTP Cookie File\n");
    for (const QByteArray &pair : pairs.toUtf8().split(';')) {
        const qsizetype equals = pair.indexOf('=');
        const QByteArray name = pair.left(equals).trimmed();
        const QByteArray value = pair.mid(equals + 1).trimmed();
        if (equals >= 0 && !name.isEmpty() && !name.contains('\t') && !value.contains('\t'))
            text += place + name + '\t' + value + '\n';
    }
    return text;
}

} // namespace core
