#pragma once
#include "tests/server/dialects/hubclient.h"
#include "tests/server/dialects/hubparts.h"
#include "tests/server/dialects/nativeanswers.h"
#include "tests/support/fakeexchange.h"

namespace tests {

/// A whole hub without sockets, and how a client of it is made and a request of REST asked.
struct HubBench : HubParts {
    using HubParts::HubParts;
    [[nodiscard]] static core::Principal who(const QString &owner, core::Scopes scopes)
    {
        return ownerOf(owner, scopes);
    }
    /// Added directly, without the service.
    core::JobId add(const QString &owner = QStringLiteral("local"),
                    core::JobState state = core::JobState::Queued)
    {
        return registry.add({.owner = owner,
                             .state = state,
                             .details = {.title = QStringLiteral("file")},
                             .source = QStringLiteral("http://host/file")});
    }

    using Client = HubClient;
    Client connect(std::optional<core::Principal> asWho = core::Principal::localUser(),
                   const QString &tokenId = {},
                   const QString &path = QStringLiteral("/api/v1/ws"),
                   qint64 expiresAt = 0)
    {
        server::Request request;
        request.principal = std::move(asWho);
        request.tokenId = tokenId;
        request.tokenExpiresAt = expiresAt;
        return connect(std::move(request), path);
    }
    Client connect(server::Request request, const QString &path)
    {
        Client client;
        auto socket = std::make_unique<FakeSocket>(std::move(request), client.record);
        client.socket = socket.get();
        (*router.matchSocket(path).handler)(std::move(socket));
        return client;
    }

    /// Routes one request.
    std::unique_ptr<FakeExchange> request(const QByteArray &method,
                                          const QString &target,
                                          const QByteArray &body = {},
                                          QList<server::Header> headers = {})
    {
        const QUrl url(target);
        server::Request request{.method = method, .path = url.path(), .query = QUrlQuery(url)};
        const auto match = router.match(method, request.path);
        if (!match.handler)
            return nullptr;
        request.captures = match.captures;
        request.body = body;
        request.headers = std::move(headers);
        if (method != "GET" && request.headers.isEmpty())
            request.headers = {{"Content-Type", "application/json"}};
        request.principal = principal;
        auto exchange = std::make_unique<FakeExchange>(std::move(request));
        (*match.handler)(*exchange);
        return exchange;
    }
    std::optional<core::Principal> principal = core::Principal::localUser(); // of request()
};

/// Ticks once a second for `time` without a word from the client.
inline void waitFor(HubBench &hub, std::chrono::seconds time)
{
    for (std::chrono::seconds passed{0}; passed < time; ++passed) {
        hub.clock.advance(std::chrono::seconds(1));
        hub.dialects.tick();
    }
}

} // namespace tests
