#pragma once
#include "server/http/httpserver.h"
#include "tests/server/dialects/hubbench.h"

namespace tests {

/// The hub behind a real port, with a clock that runs.
struct LiveHub : HubBench {
    static constexpr core::Milliseconds Step{10};
    server::HttpServer server;
    QTimer ticker;

    explicit LiveHub(int maxConnections = 256)
        : server(router,
                 access,
                 clock,
                 {.listen = {QStringLiteral("127.0.0.1:0")}, .maxConnections = maxConnections})
    {
        httpCounters = [this] { return server.counters(); };
        if (!server.listen())
            qFatal("cannot listen");
        QObject::connect(&ticker, &QTimer::timeout, &ticker, [this] { clock.advance(Step); });
        ticker.start(Step);
    }
    [[nodiscard]] QUrl url(const QString &scheme, const QString &path) const
    {
        QUrl url = server.urls().constFirst();
        url.setScheme(scheme);
        url.setPath(path);
        return url;
    }
};

} // namespace tests
