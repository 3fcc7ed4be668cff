#include "core/download/downloadsource.h"

#include "core/download/cookiefile.h"
#include "core/download/login.h"

#include <algorithm>

namespace core {
namespace {

using namespace Qt::StringLiterals;

constexpr qint64 LargestReadBuffer = qint64(1) << 20;
constexpr qint64 SmallestReadBuffer = qint64(16) << 10;

QByteArray rangeHeader(const AskedRange &asked)
{
    if (!asked.hasRangeHeader)
        return {};
    const QByteArray begin = "bytes=" + QByteArray::number(asked.range.begin) + '-';
    return asked.isOpenEnded ? begin : begin + QByteArray::number(asked.range.end - 1);
}

/// A quarter of a second: with a limit, what waits in the buffer was sent too early.
qint64 readBufferFor(qint64 bytesPerSecond)
{
    return bytesPerSecond == 0
        ? LargestReadBuffer
        : std::clamp(bytesPerSecond / 4, SmallestReadBuffer, LargestReadBuffer);
}

} // namespace

DownloadSource::DownloadSource(const DownloadSpec &spec, const DownloadPlace &place)
    : m_spec(spec)
    , m_place(place)
    , m_resolvedUrl(spec.url)
    , m_network(place.networks, spec.url, place.proxy.value_or(ProxyRule()))
{ }

Result<void> DownloadSource::prepare()
{
    if (!m_place.proxy)
        return fail(m_place.proxy.error());
    if (!m_spec.request.cookies.isEmpty()) {
        const auto cookies = CookieFile::read(m_spec.request.cookies);
        if (!cookies)
            return fail(cookies.error());
        m_network.setCookies(*cookies);
    }
    const QString &netrc = m_spec.request.netrc;
    const auto url = urlWithLogin(m_spec, netrc.isEmpty() ? m_place.netrc : netrc);
    if (!url)
        return fail(url.error());
    m_spec.url = *url;
    m_resolvedUrl = *url;
    if (!url->userInfo().isEmpty())
        m_network.keepPrivate();
    return {};
}

void DownloadSource::onAnswered(const ResponseHead &head)
{
    m_resolvedUrl = head.url;
    if (!head.url.userInfo().isEmpty())
        m_network.keepPrivate();
}

Error DownloadSource::refusal(const ResponseHead &head) const
{
    const ProxyAddress proxy = m_place.proxy->proxyFor(head.url);
    Error error = statusError(head.status, head.url.toString(QUrl::RemoveUserInfo));
    if (!proxy.isNone()) // it may be the proxy that answered
        error.context += u" through the proxy %1"_s.arg(proxy.shown());
    if (head.status == 401 && !head.url.userInfo().isEmpty())
        error.context += u": it does not take this user name and password"_s;
    if (head.status == 407)
        error.context += u", which wants another user name or password"_s;
    return error;
}

std::unique_ptr<HttpFetch>
DownloadSource::fetch(int connection, const AskedRange &asked, const RemoteIdentity *known)
{
    FetchRequest request;
    request.url = m_resolvedUrl;
    request.headers = isSameOrigin(m_resolvedUrl, m_spec.url)
        ? m_spec.headers
        : headersForOtherOrigin(m_spec.headers);
    if (!m_spec.request.referer.isEmpty())
        request.headers.append({u"Referer"_s, m_spec.request.referer});
    const QString &userAgent = m_spec.request.userAgent;
    request.userAgent = userAgent.isEmpty() ? m_place.userAgent : userAgent;
    request.range = rangeHeader(asked);
    if (known && asked.hasRangeHeader && m_isConditional)
        request.ifRange = known->ifRange();
    request.readBufferBytes = readBufferFor(m_spec.bytesPerSecond);
    request.proxy = *m_place.proxy;
    request.timeouts = m_place.timeouts;
    return std::make_unique<HttpFetch>(m_network.managerFor(connection), std::move(request));
}

} // namespace core
