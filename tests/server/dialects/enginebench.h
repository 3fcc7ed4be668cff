#pragma once
#include "server/dialects/socketio/enginesessions.h"
#include "tests/support/fakeclock.h"
#include "tests/support/fakeexchange.h"
#include "tests/support/fakesocket.h"

#include <QTest>

namespace tests {

/// Engine.IO sessions that say every message again, and clients that speak their bytes.
struct EngineBench {
    FakeClock clock;
    server::Router router;
    QList<server::EngineSession *> opened;
    server::EngineSessions sessions;
    /// Of every request that follows.
    QList<server::Header> headers;
    QHostAddress peer = QHostAddress::LocalHost;
    std::optional<core::Principal> principal;
    QString tokenId;

    explicit EngineBench(int most = 256)
        : sessions(clock, most, [this](server::EngineSession &session) { echo(session); })
    {
        sessions.addRoutes(router);
    }

    void echo(server::EngineSession &session)
    {
        opened.append(&session);
        QObject::connect(&session, &server::EngineSession::received, &session,
                         [&session](const QByteArray &text) { session.send('4' + text); });
    }

    [[nodiscard]] server::Request request(const QByteArray &method, const QString &query) const
    {
        server::Request request{.method = method,
                                .path = QStringLiteral("/socket.io/"),
                                .query = QUrlQuery(query),
                                .headers = headers,
                                .peer = peer,
                                .principal = principal,
                                .tokenId = tokenId};
        request.headers.append(server::Header{"Host", "127.0.0.1:8765"});
        return request;
    }

    std::unique_ptr<FakeExchange> send(server::Request request)
    {
        const auto match = router.match(request.method, request.path);
        auto exchange = std::make_unique<FakeExchange>(std::move(request));
        (*match.handler)(*exchange);
        return exchange;
    }
    std::unique_ptr<FakeExchange> get(const QByteArray &sid = {})
    {
        return send(request("GET", queryFor("polling", sid)));
    }
    std::unique_ptr<FakeExchange> post(const QByteArray &sid, const QByteArray &body)
    {
        server::Request push = request("POST", queryFor("polling", sid));
        push.body = body;
        return send(std::move(push));
    }
    /// Opens a session by polling.
    QByteArray open() { return sidIn(get()->answer->body); }

    struct Socket {
        FakeSocket *socket = nullptr;
        std::shared_ptr<SocketRecord> record = std::make_shared<SocketRecord>();
        [[nodiscard]] QByteArrayList take() { return std::exchange(record->sent, {}); }
    };
    Socket connect(const QByteArray &sid = {})
    {
        Socket client;
        auto made =
            std::make_unique<FakeSocket>(request("GET", queryFor("websocket", sid)), client.record);
        client.socket = made.get();
        (*router.matchSocket(QStringLiteral("/socket.io/")).handler)(std::move(made));
        return client;
    }
    /// Whether an upgrade is refused, and with what.
    [[nodiscard]] std::optional<server::Response> refusal(const QString &query) const
    {
        const auto match = router.matchSocket(QStringLiteral("/socket.io/"));
        return match.access->check(request("GET", query));
    }

    [[nodiscard]] static QString queryFor(const char *transport, const QByteArray &sid)
    {
        const QString query = QStringLiteral("EIO=4&t=x&transport=") + QLatin1StringView(transport);
        return sid.isEmpty() ? query : query + QStringLiteral("&sid=") + QString::fromLatin1(sid);
    }
    [[nodiscard]] static QByteArray sidIn(const QByteArray &greeting)
    {
        return QJsonDocument::fromJson(greeting.sliced(1))
            .object()
            .value(QStringLiteral("sid"))
            .toString()
            .toLatin1();
    }
    void pass(std::chrono::seconds time)
    {
        for (std::chrono::seconds passed{0}; passed < time; ++passed) {
            clock.advance(std::chrono::seconds(1));
            sessions.tick();
        }
    }
};

} // namespace tests
