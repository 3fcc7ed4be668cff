#include "core/download/redirects.h"

#include "core/base/shownurl.h"
#include "core/download/localtarget.h"

#include <algorithm>
#include <array>

namespace core {
namespace {

using namespace Qt::StringLiterals;

constexpr std::array HarmlessHeaders = std::to_array<QLatin1StringView>(
    {"accept"_L1, "accept-language"_L1, "referer"_L1, "user-agent"_L1});

bool isHarmless(const HeaderLine &line)
{
    return std::ranges::find(HarmlessHeaders, line.name.toLower()) != HarmlessHeaders.end();
}

int effectivePort(const QUrl &url)
{
    return url.port(url.scheme() == "https"_L1 ? 443 : 80);
}

} // namespace

bool isSameOrigin(const QUrl &a, const QUrl &b)
{
    return a.scheme() == b.scheme() && a.host() == b.host() && effectivePort(a) == effectivePort(b);
}

QList<HeaderLine> headersForOtherOrigin(const QList<HeaderLine> &headers)
{
    QList<HeaderLine> kept;
    std::ranges::copy_if(headers, std::back_inserter(kept), isHarmless);
    return kept;
}

Result<void> RedirectTrail::follow(const QByteArray &location)
{
    QUrl next = url.resolved(QUrl::fromEncoded(location));
    if (isSameOrigin(url, next) && next.userInfo().isEmpty())
        next.setUserInfo(url.userInfo(QUrl::FullyEncoded), QUrl::StrictMode);
    const QString text = shownUrl(next);
    if (location.isEmpty() || !next.isValid() || next.host().isEmpty())
        return fail(ErrorCode::InvalidUrl,
                    u"%1 redirects to \"%2\""_s.arg(shownUrl(url),
                                                    shownText(QString::fromLatin1(location))));
    if (next.scheme() != "http"_L1 && next.scheme() != "https"_L1)
        return fail(ErrorCode::UnsupportedScheme, u"redirected to %1"_s.arg(text));
    // A page of the web must not lead to this machine.
    if (isLocalTarget(next) && !isLocalTarget(url))
        return fail(ErrorCode::Forbidden,
                    u"%1 redirects to this machine: %2"_s.arg(shownUrl(url), text));
    if (isLocalTarget(next) && ownPorts.contains(effectivePort(next)))
        return fail(ErrorCode::Forbidden, u"redirected to Dray's own address %1"_s.arg(text));
    if (++hops > MaxHops)
        return fail(ErrorCode::RedirectLoop,
                    u"gave up after %1 redirects at %2"_s.arg(QString::number(MaxHops), text));
    if (!isSameOrigin(url, next)) {
        const QList<HeaderLine> kept = headersForOtherOrigin(headers);
        const bool hasCredentials = kept.size() < headers.size() || !url.userInfo().isEmpty();
        if (hasCredentials && url.scheme() == "https"_L1 && next.scheme() == "http"_L1)
            return fail(ErrorCode::ProtocolViolation,
                        u"redirected from https to %1 although credentials were given"_s.arg(text));
        headers = kept;
    }
    url = next;
    return {};
}

} // namespace core
