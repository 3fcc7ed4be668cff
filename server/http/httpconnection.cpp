#include "server/http/httpconnection.h"

#include "server/http/refusals.h"
#include "server/http/unsent.h"
#include "server/http/websocketgate.h"

#include <sys/socket.h>

namespace server {

HttpConnection::HttpConnection(std::unique_ptr<QTcpSocket> socket,
                               const Door &door,
                               const Context &context,
                               Welcome welcome)
    : m_context(context)
    , m_door(door)
    , m_welcome(welcome)
    , m_socket(std::move(socket))
    , m_writer(*m_socket,
               context.clock,
               [this] {
                   QMetaObject::invokeMethod(this, &HttpConnection::onDrained,
                                             Qt::QueuedConnection);
               })
    , m_admission(context.router, context.access)
{
    m_socket->setReadBufferSize(2 * PeekBytes);
    m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    m_timer.setSingleShot(true);
    // A coarse timer fires up to 5 % early: a client on time would be refused.
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &HttpConnection::onTimeout);
    connect(m_socket.get(), &QTcpSocket::readyRead, this, &HttpConnection::onReadyRead);
    connect(m_socket.get(), &QTcpSocket::disconnected, this, &HttpConnection::onGone);
    connect(m_socket.get(), &QTcpSocket::bytesWritten, this,
            [this](qint64 bytes) { m_context.counters.bytesSent += bytes; });
    whenDrained(m_socket.get(), this, [this] { onDrained(); });
    wait(Wait::Head, HeadTime); // covers a TLS peer that says nothing, too
}

HttpConnection::~HttpConnection()
{
    if (m_socket)
        m_socket->disconnect(this);
    if (m_exchange) {
        m_exchange->release();
        emit m_exchange->closed();
    }
}

void HttpConnection::wait(Wait reason, std::chrono::milliseconds time)
{
    m_wait = reason;
    m_timer.start(time);
}

void HttpConnection::onReadyRead()
{
    if (m_state != State::Lingering) {
        process();
        return;
    }
    m_drainedBytes += m_socket->skip(m_socket->bytesAvailable());
    if (m_drainedBytes > LingerBytes)
        abort();
}

void HttpConnection::process()
{
    if (m_isProcessing) {
        m_isMoreToProcess = true;
        return;
    }
    m_isProcessing = true;
    int requests = 0;
    while (requests < PipelinedPerTurn && step())
        ++requests;
    // Before the event loop closes the descriptor of a client that has shut its sending half. Flushing
    // a TLS socket decrypts as well: what arrives by that comes back to here.
    if (m_state != State::Gone)
        flush();
    m_isProcessing = false;
    if (std::exchange(m_isMoreToProcess, false) || requests == PipelinedPerTurn)
        QMetaObject::invokeMethod(this, &HttpConnection::process, Qt::QueuedConnection);
}

/// Qt does not signal what is flushed inside a slot of bytesWritten; who waits for it would for ever.
void HttpConnection::flush()
{
    const qint64 before = unsentBytes();
    m_socket->flush();
    const bool isAwaited = before >= UnsentMark || m_state == State::Sending;
    if (isAwaited && unsentBytes() < before)
        QMetaObject::invokeMethod(this, &HttpConnection::onDrained, Qt::QueuedConnection);
}

bool HttpConnection::step()
{
    if (m_state != State::Reading || unsentBytes() >= UnsentMark)
        return false;
    return m_parser.isHeadDone() ? readBody() : readHead();
}

bool HttpConnection::readHead()
{
    QByteArray window = m_socket->peek(PeekBytes);
    // Empty lines before a request are to be ignored (RFC 9112 §2.2).
    while (!m_parser.hasBegun() && window.startsWith("\r\n")) {
        m_socket->skip(2);
        window.remove(0, 2);
    }
    if (window.isEmpty() || window == "\r")
        return false;
    if (m_wait != Wait::Head)
        wait(Wait::Head, HeadTime);
    m_parser.putHead(window);
    if (m_parser.error() != 0)
        return refuse(plainRefusal(m_parser.error()));
    return m_parser.isHeadDone() && takeHead();
}

bool HttpConnection::takeHead()
{
    RequestHead &head = m_parser.head();
    head.request.peer = m_socket->peerAddress();
    m_writer.prepare({.minorVersion = head.minorVersion,
                      .isKeptAlive = head.isKeptAlive && !m_isClosing,
                      .contentLength = 0,
                      .allowedOrigin = m_admission.allowedOrigin(head.request, m_door)},
                     head.request.method);
    if (m_welcome == Welcome::ServerIsFull && !head.isUpgrade)
        return refuse(serverIsFull());
    return head.isUpgrade ? upgrade() : takeRequest();
}

bool HttpConnection::takeRequest()
{
    const RequestHead &head = m_parser.head();
    auto admitted = m_admission.admit(head.request, m_door);
    if (!admitted)
        return answerAtOnce(admitted.error().answer, admitted.error().pattern);
    m_admitted = std::move(*admitted);
    m_token = m_admitted.grant ? m_admitted.grant->tokenId : QString();
    m_parser.beginBody(m_admitted.route.access->bodyLimit);
    if (m_parser.error() != 0)
        return refuse(plainRefusal(m_parser.error()), m_admitted.route.pattern);
    m_socket->skip(m_parser.headLength());
    const bool hasBody = head.framing != RequestHead::Framing::None;
    if (hasBody)
        wait(Wait::Body, BodyTime);
    if (hasBody && head.expectsContinue && m_socket->bytesAvailable() == 0)
        m_socket->write("HTTP/1.1 100 Continue\r\n\r\n");
    return readBody();
}

bool HttpConnection::upgrade()
{
    // RFC 6455 §4.1: the client must wait for our answer.
    if (m_socket->bytesAvailable() > m_parser.headLength())
        return refuse(plainRefusal(400));
    auto admitted = m_admission.admitSocket(m_parser.head(), m_door);
    if (!admitted)
        return refuse(admitted.error().answer, admitted.error().pattern);
    Request request = std::move(m_parser.head().request);
    request.captures = admitted->route.captures;
    request.isOneTooMany = m_welcome == Welcome::ServerIsFull;
    if (admitted->grant) {
        request.principal = admitted->grant->principal;
        request.tokenId = admitted->grant->tokenId;
        request.tokenExpiresAt = admitted->grant->expiresAt;
    }
    m_state = State::Gone;
    m_timer.stop();
    m_socket->disconnect(this);
    m_context.counters.countAnswer(admitted->route.pattern, 101);
    m_context.gate.adopt(std::move(m_socket), request, admitted->route, m_parser.headLength());
    emit finished();
    return false;
}

bool HttpConnection::readBody()
{
    while (!m_parser.isDone()) {
        const qsizetype taken = m_parser.putBody(m_socket->peek(PeekBytes));
        if (m_parser.error() != 0)
            return refuse(plainRefusal(m_parser.error()), m_admitted.route.pattern);
        if (taken == 0)
            return false;
        m_socket->skip(taken);
    }
    handle();
    return true;
}

void HttpConnection::handle()
{
    m_timer.stop();
    Request request = m_parser.takeRequest();
    request.captures = m_admitted.route.captures;
    if (const auto &grant = m_admitted.grant) {
        request.principal = grant->principal;
        request.tokenId = grant->tokenId;
        request.tokenExpiresAt = grant->expiresAt;
    }
    m_state = State::Answering;
    m_exchange = std::make_unique<HttpExchange>(*this, std::move(request));
    (*m_admitted.route.handler)(*m_exchange);
}

/// Answers and ends the connection: where the next request would begin is unknown or unsafe.
bool HttpConnection::refuse(const Response &response, const QByteArray &pattern)
{
    m_writer.closeAfterwards();
    m_context.counters.countAnswer(pattern, response.status);
    (void)m_writer.send({}, response);
    beginLinger();
    return false;
}

/// Answers a request that does not reach a handler; goes on when it has no body to be read over.
bool HttpConnection::answerAtOnce(const Response &response, const QByteArray &pattern)
{
    if (m_parser.head().framing != RequestHead::Framing::None)
        return refuse(response, pattern);
    m_socket->skip(m_parser.headLength());
    m_context.counters.countAnswer(pattern, response.status);
    (void)m_writer.send({}, response);
    takeNext();
    return m_state == State::Reading;
}

void HttpConnection::respond(Response response)
{
    if (m_state != State::Answering)
        return;
    const auto [state, status] = m_writer.send(m_exchange->request(), std::move(response));
    m_context.counters.countAnswer(m_admitted.route.pattern, status);
    m_exchange->release();
    m_exchange.release()->deleteLater();
    m_state = State::Sending;
    if (state == AnswerWriter::State::Broken)
        abort();
    else if (state == AnswerWriter::State::Sending)
        wait(Wait::Drain, DrainTime);
    else
        finishAnswer();
}

void HttpConnection::startStream(Response head)
{
    m_context.counters.countAnswer(m_admitted.route.pattern, head.status);
    m_writer.startStream(std::move(head));
}

void HttpConnection::writeStream(const QByteArray &bytes)
{
    if (m_state != State::Answering)
        return;
    m_writer.write(bytes);
    if (!m_timer.isActive())
        wait(Wait::Drain, DrainTime);
}

void HttpConnection::finishStream()
{
    if (m_state != State::Answering)
        return;
    m_writer.finish();
    m_exchange->release();
    m_exchange.release()->deleteLater();
    m_state = State::Sending;
    finishAnswer();
}

void HttpConnection::finishAnswer()
{
    takeNext();
    if (m_isProcessing)
        return; // process() goes on by itself
    flush();
    QMetaObject::invokeMethod(this, &HttpConnection::process, Qt::QueuedConnection);
}

void HttpConnection::takeNext()
{
    if (!m_writer.isKeptAlive() || m_isClosing) {
        beginLinger();
        return;
    }
    m_parser.reset();
    m_writer.prepare({}, {});
    m_state = State::Reading;
    wait(Wait::Idle, IdleTime);
}

void HttpConnection::beginLinger()
{
    m_state = State::Lingering;
    wait(Wait::Linger, LingerTime);
    m_socket->skip(m_socket->bytesAvailable());
    m_socket->flush();
    shutSending();
}

/// The peer sees the end of our bytes while we still take its own, so no reset overtakes the answer.
void HttpConnection::shutSending()
{
    if (m_isSendingShut || unsentBytes() > 0)
        return;
    m_isSendingShut = true;
    ::shutdown(int(m_socket->socketDescriptor()), SHUT_WR);
}

void HttpConnection::onDrained()
{
    switch (m_state) {
    case State::Reading:
        if (m_wait == Wait::Idle)
            wait(Wait::Idle, IdleTime);
        process();
        break;
    case State::Answering:
        if (unsentBytes() == 0)
            m_timer.stop();
        else if (m_timer.isActive())
            wait(Wait::Drain, DrainTime);
        emit m_exchange->drained();
        break;
    case State::Sending:
        wait(Wait::Drain, DrainTime);
        if (const auto state = m_writer.pump(); state == AnswerWriter::State::Broken)
            abort();
        else if (state == AnswerWriter::State::Sent)
            finishAnswer();
        break;
    case State::Lingering:
        if (!m_isSendingShut)
            wait(Wait::Linger, LingerTime); // a slow reader of the last answer
        shutSending();
        break;
    case State::Gone:
        break;
    }
}

void HttpConnection::onTimeout()
{
    const bool hasBegun =
        m_wait == Wait::Body || (m_wait == Wait::Head && m_socket->bytesAvailable() > 0);
    if (m_state != State::Reading) {
        abort();
    } else if (hasBegun) {
        (void)refuse(plainRefusal(408));
    } else {
        beginLinger();
    }
}

void HttpConnection::closeSoon()
{
    m_isClosing = true;
    m_writer.closeAfterwards();
    if (m_state == State::Reading && m_wait != Wait::Body)
        beginLinger();
}

void HttpConnection::closeToken(const QString &tokenId)
{
    const bool isAnswering = m_state == State::Answering || m_state == State::Sending;
    const bool isAsking = m_state == State::Reading && m_wait == Wait::Body; // admitted by its head
    if ((isAnswering || isAsking) && m_token == tokenId)
        abort();
}

void HttpConnection::abort()
{
    if (m_state != State::Gone)
        m_socket->abort();
}

qint64 HttpConnection::unsentBytes() const
{
    return m_writer.unsentBytes();
}

void HttpConnection::onGone()
{
    m_state = State::Gone;
    m_timer.stop();
    if (auto exchange = std::move(m_exchange)) {
        exchange->release();
        emit exchange->closed();
        exchange.release()->deleteLater();
    }
    emit finished();
}

} // namespace server
