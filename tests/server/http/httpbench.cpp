#include "tests/server/http/httpbench.h"

#include "core/base/openfile.h"

#include <QCoreApplication>
#include <QFile>

namespace tests {

using namespace Qt::StringLiterals;
using namespace server;

HttpBench::HttpBench(HttpServer::Options options, Access::Options access)
    : m_access(m_clock, std::move(access))
{
    addRoutes();
    addSockets();
    if (options.listen == HttpServer::Options{}.listen)
        options.listen = {u"127.0.0.1:0"_s};
    if (options.dataDir.isEmpty())
        options.dataDir = m_folder.path();
    m_server = std::make_unique<HttpServer>(m_router, m_access, m_clock, std::move(options));
    if (const auto listening = m_server->listen(); !listening)
        qFatal("%s", qPrintable(listening.error().context));
}

HttpBench::~HttpBench()
{
    sessions.clear();
    m_server.reset();
    for (int layers = 0; layers < 3; ++layers) // session → QWebSocket → QTcpSocket
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
}

void HttpBench::addRoutes()
{
    const auto echo = [this](Exchange &exchange) {
        requests.append(exchange.request());
        exchange.respond({.body = exchange.request().body});
    };
    m_router.add("GET", u"/hello"_s, {}, [this](Exchange &exchange) {
        requests.append(exchange.request());
        exchange.respond({.headers = {{"Content-Type", "text/plain"}}, .body = "hello"});
    });
    m_router.add("GET", u"/open"_s, {.isPublic = true}, echo);
    m_router.add("POST", u"/echo"_s, {}, echo);
    m_router.add("POST", u"/big"_s, {.bodyLimit = 1024 * 1024}, echo);
    m_router.add("GET", u"/old"_s, {.takesQueryToken = true}, echo);
    m_router.add("GET", u"/file"_s, {}, [this](Exchange &exchange) {
        auto file = core::openRegularFile(filePath());
        if (file)
            exchange.respond({.file = std::make_shared<const core::OpenFile>(std::move(*file))});
        else
            exchange.respond({.status = 404});
    });
    m_router.add("GET", u"/never"_s, {}, [this](Exchange &exchange) {
        ++waiting;
        QObject::connect(&exchange, &Exchange::closed, &exchange, [this] { --waiting; });
    });
    m_router.add("GET", u"/stream"_s, {}, [](Exchange &exchange) {
        exchange.startStream({.headers = {{"Content-Type", "text/event-stream"}}});
        exchange.write("a");
        exchange.write({});
        exchange.write("bc");
        exchange.finish();
    });
}

void HttpBench::addSockets()
{
    const auto take = [this](std::unique_ptr<WebSocketSession> session) {
        keep(std::move(session));
    };
    m_router.addSocket(
        u"/ws"_s,
        {.asksByMessage = true, .allowsUnpairedExtension = true, .subprotocols = {u"dray.v1"_s}},
        take);
    m_router.addSocket(u"/feed"_s,
                       {.refusal = [] { return QByteArray("{\"error\":\"token\"}"); },
                        .farewell = [] { return QByteArray("{\"error\":\"crowd\"}"); }},
                       take);
    m_router.addSocket(u"/legacy/{name}"_s, {.takesQueryToken = true}, take);
}

void HttpBench::keep(std::unique_ptr<WebSocketSession> session)
{
    WebSocketSession *raw = session.get();
    QObject::connect(raw, &WebSocketSession::received, raw,
                     [this](const QByteArray &utf8) { received.append(utf8); });
    QObject::connect(raw, &WebSocketSession::closed, raw, [this, raw] {
        std::erase_if(sessions, [raw](const auto &owned) { return owned.get() == raw; });
    });
    sessions.push_back(std::move(session));
}

QByteArray HttpBench::request(const QByteArray &method,
                              const QByteArray &target,
                              const QByteArray &moreLines) const
{
    return method + ' ' + target + " HTTP/1.1\r\nHost: " + host() + "\r\nAuthorization: Bearer "
        + m_access.adminToken() + "\r\n" + moreLines + "\r\n";
}

void HttpBench::writeFile(const QByteArray &bytes) const
{
    QFile file(filePath());
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write the test's file");
}

} // namespace tests
