#pragma once
#include "core/base/clock.h"
#include "server/http/httpserver.h"

#include <QTemporaryDir>

namespace tests {

/// A server on a loopback port with a route of each kind:
/// GET /hello · POST /echo (64 KiB) · POST /big (1 MiB) · GET /open (public) · GET /file · GET /never (is
/// not answered) · GET /stream (answers "a", "bc") · sockets /ws (asks by message, dray.v1), /feed,
/// /legacy (?token=).
class HttpBench
{
public:
    explicit HttpBench(server::HttpServer::Options options = {},
                       server::Access::Options access = {});
    /// Leaves nothing behind that waits for an event loop.
    ~HttpBench();

    /// The head of a request to `target` with Host and the admin token, more lines after it as given.
    [[nodiscard]] QByteArray request(const QByteArray &method,
                                     const QByteArray &target,
                                     const QByteArray &moreLines = {}) const;
    [[nodiscard]] QByteArray get(const QByteArray &target, const QByteArray &moreLines = {}) const
    {
        return request("GET", target, moreLines);
    }
    [[nodiscard]] QByteArray host() const { return "127.0.0.1:" + QByteArray::number(port()); }
    [[nodiscard]] quint16 port() const { return m_server->ports().value(0); }
    [[nodiscard]] server::Access &access() { return m_access; }
    [[nodiscard]] server::HttpServer &server() { return *m_server; }
    [[nodiscard]] QString filePath() const { return m_folder.filePath(QStringLiteral("file.bin")); }
    [[nodiscard]] QString folder() const { return m_folder.path(); }
    void writeFile(const QByteArray &bytes) const;

    /// What the handlers saw.
    QList<server::Request> requests;
    /// Exchanges of /never that are alive.
    int waiting = 0;
    /// Sessions handed to the socket handlers and not closed.
    std::vector<std::unique_ptr<server::WebSocketSession>> sessions;
    QByteArrayList received;

private:
    void addRoutes();
    void addSockets();
    void keep(std::unique_ptr<server::WebSocketSession> session);

    QTemporaryDir m_folder;
    core::SystemClock m_clock;
    server::Router m_router;
    server::Access m_access;
    std::unique_ptr<server::HttpServer> m_server;
};

} // namespace tests
