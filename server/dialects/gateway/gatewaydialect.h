#pragma once
#include "core/jobservice.h"
#include "server/dialects/compatsockets.h"
#include "server/dialects/gateway/gatewaycodec.h"

namespace server {

/// The gateway's socket at `/ws` (PROTOCOL.md §3.2): downloads told to its typed clients, and their
/// commands.
///
/// Threads: the hub thread.
class GatewayDialect final : private CompatHandler
{
public:
    struct Surroundings {
        core::JobService &service;
        core::JobRegistry &registry;
        Access &access;
        const core::Clock &clock;
    };

    explicit GatewayDialect(Surroundings surroundings);
    GatewayDialect(const GatewayDialect &) = delete;
    GatewayDialect &operator=(const GatewayDialect &) = delete;

    void addRoutes(Router &router) { m_sockets.addRoute(router, QStringLiteral("/ws")); }
    [[nodiscard]] CompatSockets &sockets() { return m_sockets; }

private:
    void take(CompatSession &session, const QByteArray &utf8) override;
    [[nodiscard]] QByteArray errorMessage(const core::Error &error) const override;
    void add(CompatSession &session, const QString &url);
    [[nodiscard]] core::Result<core::JobSnapshot> command(const core::Principal &who,
                                                          const GatewayCommand &command);

    core::JobService &m_service;
    GatewayCodec m_codec;
    MessageFeed m_feed;
    CompatSockets m_sockets;
};

} // namespace server
