#include "core/base/proxyaddress.h"

#include <optional>

namespace core {
namespace {

using namespace Qt::StringLiterals;
using Kind = ProxyAddress::Kind;

constexpr QLatin1StringView None("none");

QLatin1StringView schemeOf(Kind kind)
{
    switch (kind) {
    case Kind::None:
        return None;
    case Kind::Http:
        return "http"_L1;
    case Kind::Socks5:
        return "socks5"_L1;
    case Kind::Socks5ByName:
        return "socks5h"_L1;
    }
    return {};
}

std::optional<Kind> kindOf(const QString &scheme)
{
    for (const Kind kind : {Kind::Http, Kind::Socks5, Kind::Socks5ByName})
        if (scheme == schemeOf(kind))
            return kind;
    return std::nullopt;
}

} // namespace

Result<ProxyAddress> ProxyAddress::parse(const QString &text)
{
    const QString plain = text.trimmed();
    if (plain.compare(None, Qt::CaseInsensitive) == 0)
        return ProxyAddress();
    const QUrl url(plain.contains("://"_L1) ? plain : "http://"_L1 + plain, QUrl::StrictMode);
    const auto kind = kindOf(url.scheme());
    if (url.isValid() && !kind)
        return fail(
            ErrorCode::InvalidArgument,
            u"proxies of the kind \"%1\" are not supported; http, socks5 and socks5h are"_s.arg(
                url.scheme()));
    const bool isPlain =
        (url.path().isEmpty() || url.path() == "/"_L1) && !url.hasQuery() && !url.hasFragment();
    if (!kind || !url.isValid() || url.host().isEmpty() || url.port() == 0 || !isPlain)
        return fail(ErrorCode::InvalidArgument,
                    u"not a proxy such as http://host:port, socks5://host:port or none"_s);
    return ProxyAddress{*kind, url.host(), quint16(url.port(DefaultPort)),
                        url.userName(QUrl::FullyDecoded), url.password(QUrl::FullyDecoded)};
}

QUrl ProxyAddress::url() const
{
    QUrl url;
    if (isNone())
        return url;
    url.setScheme(schemeOf(kind));
    url.setHost(host);
    url.setPort(port);
    return url;
}

QString ProxyAddress::shown() const
{
    return isNone() ? QString(None) : url().toString();
}

} // namespace core
