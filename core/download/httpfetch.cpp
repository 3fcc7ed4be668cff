#include "core/download/httpfetch.h"

#include "core/base/shownurl.h"
#include "core/download/countingaccess.h"

#include <QPromise>
#include <QThreadPool>

namespace core {
namespace {

using namespace Qt::StringLiterals;

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

ErrorCode codeFor(QNetworkReply::NetworkError error)
{
    if (error == QNetworkReply::HostNotFoundError || error == QNetworkReply::ProxyNotFoundError)
        return ErrorCode::HostNotFound;
    if (error == QNetworkReply::ConnectionRefusedError
        || error == QNetworkReply::ProxyConnectionRefusedError)
        return ErrorCode::ConnectionRefused;
    if (error == QNetworkReply::ProxyAuthenticationRequiredError)
        return ErrorCode::AuthenticationRequired;
    if (error == QNetworkReply::SslHandshakeFailedError)
        return ErrorCode::TlsFailed;
    if (error == QNetworkReply::TimeoutError || error == QNetworkReply::ProxyTimeoutError)
        return ErrorCode::Timeout;
    const bool isProtocol = error == QNetworkReply::ProtocolFailure
        || error == QNetworkReply::ProtocolInvalidOperationError;
    return isProtocol ? ErrorCode::ProtocolViolation : ErrorCode::Network;
}

} // namespace

HttpFetch::HttpFetch(CountingAccess &manager, FetchRequest request)
    : m_manager(manager)
    , m_request(std::move(request))
    , m_trail{m_request.url, m_request.headers, 0, m_request.guard.ownPorts}
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &HttpFetch::onTimeout);
    connect(&m_guarded, &QFutureWatcherBase::finished, this, &HttpFetch::onGuardAnswered);
}

HttpFetch::~HttpFetch()
{
    dropReply();
}

void HttpFetch::start()
{
    send();
}

void HttpFetch::abort()
{
    m_isAborted = true;
    m_timer.stop();
    dropReply();
    QMetaObject::invokeMethod(
        this, [this] { m_proof.reset(); }, Qt::QueuedConnection);
}

qint64 HttpFetch::bytesAvailable() const
{
    return m_reply ? m_reply->bytesAvailable() : 0;
}

qint64 HttpFetch::read(std::span<char> buffer)
{
    if (!m_reply)
        return 0;
    const qint64 count = m_reply->read(buffer.data(), qint64(buffer.size()));
    if (m_isFinished)
        QMetaObject::invokeMethod(this, &HttpFetch::endWhenDrained, Qt::QueuedConnection);
    else
        m_timer.start(m_request.timeouts.stall);
    m_received += std::max<qint64>(0, count);
    return std::max<qint64>(0, count);
}

void HttpFetch::send()
{
    if (m_isAborted || m_end)
        return;
    m_isSent = false;
    m_timer.start(m_request.timeouts.connect);
    const QUrl guarded = guardedUrl();
    if (guarded.isEmpty())
        return ask();
    const auto promise = std::make_shared<QPromise<std::optional<Error>>>();
    promise->start();
    m_guarded.setFuture(promise->future());
    QThreadPool::globalInstance()->start([promise, guarded, guard = m_request.guard] {
        const auto checked = guard.check(guarded);
        promise->addResult(checked ? std::nullopt : std::optional(checked.error()));
        promise->finish();
    });
}

QUrl HttpFetch::guardedUrl() const
{
    const TargetGuard &guard = m_request.guard;
    const ProxyAddress proxy = m_request.proxy.proxyFor(m_trail.url);
    if (proxy.isNone())
        return guard.isConcerned(m_trail.url) ? m_trail.url : QUrl();
    // The name is the proxy's to look up.
    return guard.isFromElsewhere && m_request.isProxyGiven ? proxy.url() : QUrl();
}

void HttpFetch::onGuardAnswered()
{
    if (m_isAborted || m_end)
        return;
    if (const std::optional<Error> refused = m_guarded.result())
        endWith(refused);
    else
        ask();
}

void HttpFetch::ask()
{
    m_reply.reset(m_manager.get(networkRequest()));
    m_reply->setReadBufferSize(m_request.readBufferBytes);
    connect(m_reply.get(), &QNetworkReply::requestSent, this, [this] {
        m_isSent = true;
        m_timer.start(m_request.timeouts.stall);
    });
    connect(m_reply.get(), &QNetworkReply::metaDataChanged, this, &HttpFetch::onHead);
    connect(m_reply.get(), &QNetworkReply::readyRead, this, [this] {
        m_timer.start(m_request.timeouts.stall);
        emit bytesReady();
    });
    connect(m_reply.get(), &QNetworkReply::finished, this, &HttpFetch::onFinished);
}

QNetworkRequest HttpFetch::networkRequest() const
{
    QNetworkRequest request(m_trail.url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                         QNetworkRequest::ManualRedirectPolicy);
    // HTTP/2 would put every segment on one connection; and there QNetworkAccessManager (6.4) takes
    // whatever the server sends, without regard to the size of the read buffer: a slow disk or a
    // speed limit would pile the file up in memory.
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute,
                         QNetworkRequest::AlwaysNetwork);
    request.setRawHeader("User-Agent", m_request.userAgent.toUtf8());
    for (const HeaderLine &line : m_trail.headers)
        request.setRawHeader(line.name.toLatin1(), line.value.toUtf8());
    // Set by hand, it keeps QNetworkAccessManager from asking for gzip and unpacking it.
    request.setRawHeader("Accept-Encoding", "identity");
    if (!m_request.range.isEmpty())
        request.setRawHeader("Range", m_request.range);
    if (!m_request.ifRange.isEmpty())
        request.setRawHeader("If-Range", m_request.ifRange);
    return request;
}

void HttpFetch::onHead()
{
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (m_hasHead || status < 200)
        return;
    ResponseHead head =
        readResponseHead(status, m_reply->rawHeaderPairs(), QDateTime::currentDateTimeUtc());
    head.url = m_trail.url;
    if (isRedirect(status)) {
        follow(head.location);
        return;
    }
    m_hasHead = true;
    m_sinceHead.start();
    m_proofWay = EndProof::wayFor(head);
    emit headReady(head);
}

void HttpFetch::follow(const QByteArray &location)
{
    dropReply();
    if (const auto followed = m_trail.follow(location); !followed)
        return endWith(followed.error());
    // Behind the end of that reply, so that one connection is enough for both.
    QMetaObject::invokeMethod(this, &HttpFetch::send, Qt::QueuedConnection);
}

void HttpFetch::onFinished()
{
    m_timer.stop();
    m_isFinished = true;
    if (m_reply->error() != QNetworkReply::NoError)
        m_error = replyError();
    // A head without a body may not have been told by metaDataChanged.
    if (!m_hasHead && !m_error)
        onHead();
    if (m_reply && m_isFinished)
        endWhenDrained();
}

void HttpFetch::onTimeout()
{
    if (bytesAvailable() > 0) { // we are the ones who wait
        m_timer.start(m_request.timeouts.stall);
        return;
    }
    const QString url = shownWay();
    const auto limit = m_isSent ? m_request.timeouts.stall : m_request.timeouts.connect;
    const QString seconds = QString::number(std::chrono::duration<double>(limit).count());
    dropReply();
    endWith(Error{ErrorCode::Timeout,
                  m_isSent ? u"no byte from %1 for %2 s"_s.arg(url, seconds)
                           : u"no connection to %1 within %2 s"_s.arg(url, seconds)});
}

void HttpFetch::endWhenDrained()
{
    if (bytesAvailable() > 0)
        emit bytesReady();
    else if (!m_error && m_proofWay != EndProof::Way::None)
        proveEnd();
    else if (!m_proof) // else its answer ends this
        endWith(m_error);
}

/// QNetworkAccessManager (6.4) may end a chunked body without an error when the connection closes
/// before the last chunk, and always ends so a body that has no length.
void HttpFetch::proveEnd()
{
    const EndProof::Way way = takeProofWay();
    if (way == EndProof::Way::None)
        return endWith({});
    const bool isSecond = way == EndProof::Way::SecondAnswer;
    QNetworkRequest request = networkRequest();
    if (isSecond) { // it is the whole file that is counted
        request.setRawHeader("Range", {});
        request.setRawHeader("If-Range", {});
    }
    m_proof = std::make_unique<EndProof>(m_manager, std::move(request), m_request.timeouts);
    connect(m_proof.get(), &EndProof::ended, this, &HttpFetch::endWith);
    if (!isSecond)
        return m_proof->askOnKeptConnection();
    m_praise = u"the server told no length; asked a second time, it sent as many bytes"_s;
    m_proof->countSecondAnswer({m_received, std::chrono::milliseconds(m_sinceHead.elapsed())});
}

/// Of several connections any could answer for the one that brought the body.
EndProof::Way HttpFetch::takeProofWay()
{
    EndProof::Way way = std::exchange(m_proofWay, EndProof::Way::None);
    if (way == EndProof::Way::KeptConnection && !m_manager.wasOneAtATime())
        way = EndProof::Way::SecondAnswer;
    const bool isMeasured = way == EndProof::Way::SecondAnswer && m_request.hasChecksum;
    return isMeasured ? EndProof::Way::None : way;
}

void HttpFetch::endWith(std::optional<Error> error)
{
    m_timer.stop();
    if (m_isAborted || m_end)
        return;
    m_end = FetchEnd{std::move(error), m_praise};
    emit ended(*m_end);
}

/// Cuts the current reply off. It may be the sender of the signal that led here, so it is destroyed,
/// which aborts it, from the event loop.
void HttpFetch::dropReply()
{
    m_isFinished = false;
    if (!m_reply)
        return;
    m_reply->disconnect(this);
    m_dropped.push_back(std::move(m_reply));
    QMetaObject::invokeMethod(
        this, [this] { m_dropped.clear(); }, Qt::QueuedConnection);
}

Error HttpFetch::replyError() const
{
    // QNetworkAccessManager (6.4) has no error of its own for a proxy that cannot be reached.
    const bool isProxyGone = m_reply->error() == QNetworkReply::UnknownNetworkError && !m_isSent
        && !m_request.proxy.proxyFor(m_trail.url).isNone();
    const ErrorCode code = isProxyGone ? ErrorCode::ConnectionRefused : codeFor(m_reply->error());
    return {code, u"%1: %2"_s.arg(shownWay(), shownText(m_reply->errorString()))};
}

QString HttpFetch::shownWay() const
{
    const QString url = shownUrl(m_trail.url);
    const ProxyAddress proxy = m_request.proxy.proxyFor(m_trail.url);
    return proxy.isNone() ? url : u"%1 through the proxy %2"_s.arg(url, proxy.shown());
}

} // namespace core
