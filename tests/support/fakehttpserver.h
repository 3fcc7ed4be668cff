#pragma once
#include <QByteArray>
#include <QList>
#include <QPair>
#include <QString>
#include <QThread>
#include <QUrl>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace tests {

/// A request as it came in.
struct HttpRequest {
    /// Counted from 0 over all connections.
    int number = 0;
    /// The client's port: the same for all requests of one connection.
    quint16 clientPort = 0;
    QByteArray method;
    QByteArray path;
    QList<QPair<QByteArray, QByteArray>> headers;

    [[nodiscard]] QByteArray header(const QByteArray &name) const;
    /// First and last byte of a "bytes=a-b" header; the last is -1 when left out.
    [[nodiscard]] std::optional<QPair<qint64, qint64>> range() const;
};

/// What the server sends, and how it misbehaves.
struct HttpReply {
    enum class Ending { KeepAlive, Close, Reset, Stall };

    int status = 200;
    QList<QPair<QByteArray, QByteArray>> headers;
    QByteArray body;
    /// Sent as the Content-Length; -1: the body's own, -2: none (the end is the connection's end).
    qint64 announcedLength = -1;
    bool isChunked = false;
    /// Only this many bytes of the body are sent; -1: all.
    qint64 cutAfter = -1;
    Ending ending = Ending::KeepAlive;
    /// 0: as fast as the reader takes it.
    qint64 bytesPerSecond = 0;

    HttpReply &set(const QByteArray &name, const QByteArray &value);
    void remove(const QByteArray &name);
    static constexpr qint64 NoLength = -2;
};

/// A file with its validators, served by the rules (ranges, If-Range).
struct HttpFile {
    QByteArray content;
    QByteArray etag = "\"v1\"";
    QByteArray lastModified = "Tue, 15 Nov 2022 08:12:31 GMT";

    [[nodiscard]] HttpReply answer(const HttpRequest &request) const;
};

/// An HTTP/1.1 server on 127.0.0.1 that does exactly what its script says.
/// Threads: the script runs on the server's own thread; everything else on the test's.
class FakeHttpServer
{
public:
    using Script = std::function<HttpReply(const HttpRequest &)>;

    explicit FakeHttpServer(Script script);
    ~FakeHttpServer();
    Q_DISABLE_COPY_MOVE(FakeHttpServer)

    [[nodiscard]] QUrl url(const QString &path = QStringLiteral("/file.bin")) const;
    /// All requests so far.
    [[nodiscard]] QList<HttpRequest> requests() const;
    /// Replaces the script from the next request on.
    void setScript(Script script);

private:
    struct Listener;
    mutable std::mutex m_mutex;
    Script m_script; ///< guarded by m_mutex
    QList<HttpRequest> m_requests; ///< guarded by m_mutex
    QThread m_thread;
    std::unique_ptr<Listener> m_listener; ///< lives on m_thread
    quint16 m_port = 0;
};

} // namespace tests
