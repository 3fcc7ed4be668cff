#include "server/http/authority.h"

#include <algorithm>

namespace server {

using namespace Qt::StringLiterals;

namespace {

std::optional<quint16> parsePort(QStringView text)
{
    const bool isDigits = !text.isEmpty() && text.size() <= 5
        && std::all_of(text.begin(), text.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
    const uint port = isDigits ? text.toUInt() : 0;
    if (port == 0 || port > 65535)
        return std::nullopt;
    return quint16(port);
}

bool isNameCharacter(QChar c)
{
    const char16_t u = c.unicode();
    return (u >= u'a' && u <= u'z') || (u >= u'0' && u <= u'9') || u == u'-' || u == u'.'
        || u == u'_';
}

bool isHostName(QStringView text)
{
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), isNameCharacter);
}

/// Only addresses that are written as they print: "127.1" and "0x7f.0.0.1" are none.
std::optional<QHostAddress> parseAddress(const QString &text)
{
    QHostAddress address;
    if (!address.setAddress(text) || !address.scopeId().isEmpty())
        return std::nullopt;
    const bool isV4 = address.protocol() == QAbstractSocket::IPv4Protocol;
    if (isV4 && address.toString() != text)
        return std::nullopt;
    return unmapped(address);
}

/// What follows the host: nothing or ":port".
std::optional<quint16> portOfRest(QStringView rest, quint16 defaultPort)
{
    if (rest.isEmpty())
        return defaultPort;
    return rest.startsWith(u':') ? parsePort(rest.sliced(1)) : std::nullopt;
}

std::optional<Authority> parseBracketed(const QString &text, quint16 defaultPort)
{
    const qsizetype end = text.indexOf(u']');
    if (end < 0)
        return std::nullopt;
    const QString host = text.sliced(1, end - 1);
    const auto address = parseAddress(host);
    const auto port = portOfRest(QStringView(text).sliced(end + 1), defaultPort);
    if (!address || !port || !host.contains(u':'))
        return std::nullopt;
    return Authority{host, *port, address};
}

} // namespace

std::optional<Authority> parseAuthority(QByteArrayView text, quint16 defaultPort)
{
    const QString lower = QString::fromLatin1(text).toLower();
    if (lower.startsWith(u'['))
        return parseBracketed(lower, defaultPort);
    const qsizetype colon = lower.indexOf(u':');
    const QString host = colon < 0 ? lower : lower.first(colon);
    const QStringView rest = colon < 0 ? QStringView() : QStringView(lower).sliced(colon);
    const auto port = portOfRest(rest, defaultPort);
    if (!port || !isHostName(host))
        return std::nullopt;
    return Authority{host, *port, parseAddress(host)};
}

std::optional<WebOrigin> parseOrigin(QByteArrayView text)
{
    const QByteArray lower = text.toByteArray().toLower();
    for (const auto &[prefix, port] :
         {std::pair<QByteArrayView, quint16>{"http://", quint16(80)},
          std::pair<QByteArrayView, quint16>{"https://", quint16(443)}}) {
        if (!lower.startsWith(prefix))
            continue;
        const auto authority = parseAuthority(QByteArrayView(lower).sliced(prefix.size()), port);
        if (!authority)
            return std::nullopt;
        return WebOrigin{QString::fromLatin1(prefix.chopped(3)), *authority};
    }
    return std::nullopt;
}

QHostAddress unmapped(const QHostAddress &address)
{
    bool isMapped = false;
    const quint32 v4 = address.toIPv4Address(&isMapped);
    const bool isSix = address.protocol() == QAbstractSocket::IPv6Protocol;
    return isMapped && isSix ? QHostAddress(v4) : address;
}

bool isLoopback(const QHostAddress &address)
{
    return unmapped(address).isLoopback();
}

} // namespace server
