#include "core/download/downloadsource.h"

#include "core/base/logging.h"
#include "core/base/shownurl.h"
#include "core/download/cookiefile.h"
#include "core/download/fileproof.h"
#include "core/download/login.h"

#include <QFileInfo>

#include <algorithm>
#include <array>

namespace core {

using namespace Qt::StringLiterals;

namespace {

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

/// Endings of names that never mean a web page.
constexpr std::array FileEndings = std::to_array<QLatin1StringView>(
    {"7z"_L1,      "appimage"_L1, "bin"_L1, "bz2"_L1, "deb"_L1, "dmg"_L1, "exe"_L1,
     "flatpak"_L1, "gz"_L1,       "img"_L1, "iso"_L1, "jar"_L1, "mkv"_L1, "mp3"_L1,
     "mp4"_L1,     "msi"_L1,      "pdf"_L1, "rar"_L1, "rpm"_L1, "tar"_L1, "tgz"_L1,
     "wic"_L1,     "webm"_L1,     "xz"_L1,  "zip"_L1, "zst"_L1});

bool isNameOfFile(const QString &name)
{
    const QString ending = QFileInfo(name).suffix().toLower();
    return std::ranges::find(FileEndings, ending) != FileEndings.end();
}

bool isPage(const ResponseHead &head)
{
    return head.status == 200 && head.isWebPage();
}

} // namespace

DownloadSource::DownloadSource(const DownloadSpec &spec, const DownloadPlace &place)
    : m_spec(spec)
    , m_place(place)
    , m_urls(spec.url, spec.mirrors)
    , m_resolvedUrl(spec.url)
    // Connections that were opened for others may lead where this job must not go.
    , m_network(spec.isFromElsewhere ? nullptr : place.networks,
                spec.url,
                place.proxy.value_or(ProxyRule()))
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
    const auto url = urlWithLogin(m_spec);
    if (!url)
        return fail(url.error());
    m_spec.url = *url;
    m_urls.replaceFirst(*url);
    m_resolvedUrl = *url;
    if (!url->userInfo().isEmpty())
        m_network.keepPrivate();
    return {};
}

bool DownloadSource::moveOn()
{
    const QUrl before = m_urls.current();
    const bool isUntried = m_urls.moveOn();
    if (m_urls.current() != before)
        useCurrentUrl();
    return isUntried;
}

bool DownloadSource::leaveOut()
{
    if (!m_urls.leaveOut())
        return false;
    useCurrentUrl();
    return true;
}

/// A validator of one host means nothing to another, which would send the whole file.
void DownloadSource::useCurrentUrl()
{
    m_isConditional = false;
    m_resolvedUrl = m_urls.current();
    qCInfo(lcDownload) << "asking" << shownUrl();
}

void DownloadSource::onAnswered(const ResponseHead &head)
{
    m_resolvedUrl = head.url;
    if (!head.url.userInfo().isEmpty())
        m_network.keepPrivate();
}

Error DownloadSource::refusal(const ResponseHead &head) const
{
    const QString url = core::shownUrl(head.url);
    if (isPage(head))
        return {ErrorCode::HttpStatus,
                u"%1 sent a web page instead of the file; it may want a sign-in"_s.arg(url)};
    Error error = statusError(head.status, url);
    const ProxyAddress proxy = m_place.proxy->proxyFor(head.url);
    if (!proxy.isNone()) // it may be the proxy that answered
        error.context += u" through the proxy %1"_s.arg(proxy.shown());
    if (head.status == 401 && !head.url.userInfo().isEmpty())
        error.context += u": it does not take this user name and password"_s;
    if (head.status == 407)
        error.context += u", which wants another user name or password"_s;
    return error;
}

FetchRequest DownloadSource::requestFor(const QUrl &url) const
{
    FetchRequest request;
    request.url = url;
    request.headers =
        isSameOrigin(url, m_spec.url) ? m_spec.headers : headersForOtherOrigin(m_spec.headers);
    if (!m_spec.request.referer.isEmpty())
        request.headers.append({u"Referer"_s, m_spec.request.referer});
    const QString &userAgent = m_spec.request.userAgent;
    request.userAgent = userAgent.isEmpty() ? m_place.userAgent : userAgent;
    request.proxy = *m_place.proxy;
    request.guard = {m_urls.current(), m_spec.isFromElsewhere, m_place.ownPorts, m_place.lookup};
    request.isProxyGiven = !m_spec.request.proxy.isEmpty();
    request.timeouts = m_place.timeouts;
    return request;
}

std::unique_ptr<HttpFetch> DownloadSource::fetchText(const QUrl &url)
{
    FetchRequest request = requestFor(url);
    request.guard.given = url;
    if (isSameOrigin(url, m_spec.url))
        request.url.setUserInfo(m_spec.url.userInfo(QUrl::FullyEncoded), QUrl::TolerantMode);
    return std::make_unique<HttpFetch>(m_network.managerFor(0), std::move(request));
}

std::unique_ptr<HttpFetch>
DownloadSource::fetch(int connection, const AskedRange &asked, const RemoteIdentity *known)
{
    FetchRequest request = requestFor(m_resolvedUrl);
    request.range = rangeHeader(asked);
    if (known && asked.hasRangeHeader && m_isConditional)
        request.ifRange = known->ifRange();
    request.readBufferBytes = readBufferFor(m_spec.bytesPerSecond);
    request.hasChecksum = isMeasured();
    return std::make_unique<HttpFetch>(m_network.managerFor(connection), std::move(request));
}

bool DownloadSource::isPageInstead(const ResponseHead &head) const
{
    return isPage(head) && (isNameOfFile(m_spec.url.path()) || isNameOfFile(m_spec.name));
}

Verdict DownloadSource::judge(const AskedRange &asked,
                              const RemoteIdentity *known,
                              const ResponseHead &head) const
{
    if (isPageInstead(head))
        return Verdict::Refused;
    const Verdict verdict = core::judge(asked, known, head);
    if (verdict != Verdict::Changed)
        return verdict;
    if (isPage(head))
        return Verdict::Refused;
    if (!known || !mayMirrorsDiffer())
        return verdict;
    RemoteIdentity bare = *known;
    bare.etag.clear();
    bare.lastModified.clear();
    return core::judge(asked, &bare, head);
}

/// Mirrors keep their own times and tags. What they send is compared with what is here, and the whole
/// is measured at the end.
bool DownloadSource::mayMirrorsDiffer() const
{
    return isMeasured() && !m_spec.mirrors.isEmpty();
}

bool DownloadSource::isMeasured() const
{
    return m_spec.checksum || m_spec.pieces || !m_spec.sha256.isEmpty();
}

Error DownloadSource::refusalWithBytes(const ResponseHead &head) const
{
    Error error = refusal(head);
    if (isPage(head) || isLinkExpired(head.status))
        error.code = ErrorCode::LinkExpired;
    return error;
}

std::optional<Error> DownloadSource::wrongFile(const ResponseHead &head) const
{
    const qint64 size = head.identity().size;
    if (m_spec.size < 0 || size < 0 || size == m_spec.size)
        return std::nullopt;
    return wrongSize(shownUrl(), size, m_spec.size);
}

} // namespace core
