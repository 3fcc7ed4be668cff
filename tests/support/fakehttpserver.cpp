#include "tests/support/fakehttpserver.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

#include <sys/socket.h>

#include <algorithm>

namespace tests {

using namespace Qt::StringLiterals;

namespace {

constexpr int SlowStepMs = 10;
constexpr qint64 FastStepBytes = 1 << 18;

HttpRequest parseRequest(const QByteArray &head)
{
    HttpRequest request;
    const QList<QByteArray> lines = head.split('\n');
    const QList<QByteArray> words = lines.first().trimmed().split(' ');
    request.method = words.value(0);
    request.path = words.value(1);
    for (const QByteArray &line : lines.sliced(1)) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0)
            request.headers.append({line.first(colon).trimmed(), line.sliced(colon + 1).trimmed()});
    }
    return request;
}

QByteArray encodeHead(const HttpReply &reply)
{
    QByteArray head = "HTTP/1.1 " + QByteArray::number(reply.status) + " Scripted\r\n";
    for (const auto &[name, value] : reply.headers)
        head += name + ": " + value + "\r\n";
    const qint64 length =
        reply.announcedLength == -1 ? qint64(reply.body.size()) : reply.announcedLength;
    if (reply.isChunked)
        head += "Transfer-Encoding: chunked\r\n";
    else if (length >= 0)
        head += "Content-Length: " + QByteArray::number(length) + "\r\n";
    else
        head += "Connection: close\r\n";
    return head + "\r\n";
}

QByteArray encodeBody(const HttpReply &reply)
{
    QByteArray body = reply.body;
    if (reply.isChunked) {
        constexpr qsizetype ChunkBytes = 1000;
        body.clear();
        for (qsizetype at = 0; at < reply.body.size(); at += ChunkBytes) {
            const QByteArray chunk = reply.body.mid(at, ChunkBytes);
            body += QByteArray::number(chunk.size(), 16) + "\r\n" + chunk + "\r\n";
        }
        body += "0\r\n\r\n";
    }
    return reply.cutAfter < 0 ? body : body.first(std::min<qsizetype>(reply.cutAfter, body.size()));
}

/// One connection: requests one after the other, each answered as told.
class Connection : public QObject
{
public:
    Connection(QTcpSocket *socket, std::function<HttpReply(HttpRequest)> answer)
        : m_socket(socket)
        , m_answer(std::move(answer))
    {
        socket->setParent(this);
        connect(socket, &QTcpSocket::readyRead, this, [this] { onReadyRead(); });
        connect(socket, &QTcpSocket::bytesWritten, this, [this] { sendMore(); });
        connect(socket, &QTcpSocket::disconnected, this, &QObject::deleteLater);
        connect(&m_timer, &QTimer::timeout, this, [this] { sendMore(); });
    }

private:
    void onReadyRead()
    {
        m_input += m_socket->readAll();
        const qsizetype end = m_input.indexOf("\r\n\r\n");
        if (end < 0 || m_isBusy)
            return;
        HttpRequest request = parseRequest(m_input.first(end));
        request.clientPort = m_socket->peerPort();
        m_input = m_input.sliced(end + 4);
        m_isBusy = true;
        m_reply = m_answer(request);
        m_output = encodeBody(m_reply);
        m_socket->write(encodeHead(m_reply));
        m_timer.start(m_reply.bytesPerSecond > 0 ? SlowStepMs : 0);
    }
    void sendMore()
    {
        if (!m_isBusy || m_socket->bytesToWrite() > FastStepBytes)
            return;
        const qint64 slow = std::max<qint64>(1, m_reply.bytesPerSecond * SlowStepMs / 1000);
        const qint64 step = m_reply.bytesPerSecond > 0 ? slow : FastStepBytes;
        if (m_reply.bytesPerSecond > 0 && sender() != &m_timer)
            return;
        const qint64 count = std::min<qint64>(step, m_output.size());
        m_socket->write(m_output.constData(), count);
        m_output.remove(0, count);
        if (m_output.isEmpty())
            end();
    }
    void end()
    {
        m_timer.stop();
        switch (m_reply.ending) {
        case HttpReply::Ending::KeepAlive:
            m_isBusy = false;
            onReadyRead();
            return;
        case HttpReply::Ending::Close:
            m_isBusy = false;
            m_socket->disconnectFromHost();
            return;
        case HttpReply::Ending::Reset: {
            m_isBusy = false;
            m_socket->flush();
            const linger atOnce{1, 0};
            ::setsockopt(int(m_socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &atOnce,
                         sizeof(atOnce));
            m_socket->abort();
            return;
        }
        case HttpReply::Ending::Stall:
            m_isBusy = false;
            return;
        }
    }

    QTcpSocket *m_socket;
    std::function<HttpReply(HttpRequest)> m_answer;
    QTimer m_timer;
    QByteArray m_input;
    QByteArray m_output;
    HttpReply m_reply;
    bool m_isBusy = false;
};

} // namespace

QByteArray HttpRequest::header(const QByteArray &name) const
{
    for (const auto &[key, value] : headers)
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            return value;
    return {};
}

std::optional<QPair<qint64, qint64>> HttpRequest::range() const
{
    const QByteArray value = header("Range");
    if (!value.startsWith("bytes="))
        return std::nullopt;
    const QList<QByteArray> ends = value.sliced(6).split('-');
    return QPair<qint64, qint64>{ends.value(0).toLongLong(),
                                 ends.value(1).isEmpty() ? qint64(-1) : ends.value(1).toLongLong()};
}

HttpReply &HttpReply::set(const QByteArray &name, const QByteArray &value)
{
    remove(name);
    headers.append({name, value});
    return *this;
}

void HttpReply::remove(const QByteArray &name)
{
    headers.removeIf(
        [&name](const auto &line) { return line.first.compare(name, Qt::CaseInsensitive) == 0; });
}

HttpReply HttpFile::answer(const HttpRequest &request) const
{
    HttpReply reply;
    if (!etag.isEmpty())
        reply.set("ETag", etag);
    if (!lastModified.isEmpty())
        reply.set("Last-Modified", lastModified);
    const QByteArray ifRange = request.header("If-Range");
    const bool isSame = ifRange.isEmpty() || ifRange == etag || ifRange == lastModified;
    const auto range = request.range();
    if (!range || !isSame) {
        reply.body = content;
        return reply;
    }
    const qint64 size = content.size();
    if (range->first >= size) {
        reply.status = 416;
        return reply.set("Content-Range", "bytes */" + QByteArray::number(size));
    }
    const qint64 last = range->second < 0 ? size - 1 : std::min(range->second, size - 1);
    reply.status = 206;
    reply.body = content.sliced(range->first, last - range->first + 1);
    return reply.set("Content-Range",
                     "bytes " + QByteArray::number(range->first) + '-' + QByteArray::number(last)
                         + '/' + QByteArray::number(size));
}

struct FakeHttpServer::Listener : QTcpServer { };

FakeHttpServer::FakeHttpServer(Script script)
    : m_script(std::move(script))
    , m_listener(std::make_unique<Listener>())
{
    if (!m_listener->listen(QHostAddress::LocalHost))
        qFatal("cannot listen on 127.0.0.1");
    m_port = m_listener->serverPort();
    QTcpServer *listener = m_listener.get();
    const auto answer = [this](HttpRequest request) {
        Script todo;
        {
            const std::lock_guard lock(m_mutex);
            request.number = int(m_requests.size());
            m_requests.append(request);
            todo = m_script;
        }
        return todo(request);
    };
    QObject::connect(listener, &QTcpServer::newConnection, listener, [listener, answer] {
        while (QTcpSocket *socket = listener->nextPendingConnection())
            (new Connection(socket, answer))->setParent(listener);
    });
    listener->moveToThread(&m_thread);
    m_thread.start();
}

FakeHttpServer::~FakeHttpServer()
{
    QMetaObject::invokeMethod(
        m_listener.get(), [this] { m_listener.reset(); }, Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

QUrl FakeHttpServer::url(const QString &path) const
{
    return QUrl(u"http://127.0.0.1:%1%2"_s.arg(QString::number(m_port), path));
}

QList<HttpRequest> FakeHttpServer::requests() const
{
    const std::lock_guard lock(m_mutex);
    return m_requests;
}

void FakeHttpServer::setScript(Script script)
{
    const std::lock_guard lock(m_mutex);
    m_script = std::move(script);
}

} // namespace tests
