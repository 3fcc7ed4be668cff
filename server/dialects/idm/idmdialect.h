#pragma once
#include "core/jobservice.h"
#include "server/dialects/compatsockets.h"
#include "server/dialects/idm/idmcodec.h"

namespace server {

/// The web downloader (PROTOCOL.md §3.1): `POST /download`, `GET /list`, `GET /file/{id}`, and every
/// change of every download on the WebSocket at `/`.
///
/// Threads: the hub thread.
class IdmDialect final : private CompatHandler
{
public:
    struct Surroundings {
        core::JobService &service;
        core::JobRegistry &registry;
        Access &access;
        const core::Clock &clock;
    };

    explicit IdmDialect(Surroundings surroundings);
    IdmDialect(const IdmDialect &) = delete;
    IdmDialect &operator=(const IdmDialect &) = delete;

    void addRoutes(Router &router);
    [[nodiscard]] CompatSockets &sockets() { return m_sockets; }

private:
    /// Its clients only listen.
    void take(CompatSession &, const QByteArray &) override { }
    [[nodiscard]] QByteArray errorMessage(const core::Error &error) const override;
    void add(Exchange &exchange);
    void list(Exchange &exchange);

    core::JobService &m_service;
    IdmCodec m_codec;
    MessageFeed m_feed;
    CompatSockets m_sockets;
};

} // namespace server
