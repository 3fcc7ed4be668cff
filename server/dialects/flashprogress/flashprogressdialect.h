#pragma once
#include "core/jobservice.h"
#include "server/dialects/compatsockets.h"
#include "server/dialects/flashprogress/flashmessage.h"
#include "server/dialects/flashprogress/flashprogresscodec.h"

namespace core {
class FlashService;
}

namespace server {

/// The flash progress socket at `/flash-progress` and `POST /api/flash/start` (PROTOCOL.md §3.3): flashes
/// told to its clients, and flashes that its clients tell of, which everyone sees as external jobs.
///
/// Threads: the hub thread.
class FlashProgressDialect final : private CompatHandler
{
public:
    struct Surroundings {
        core::JobService &service;
        core::FlashService &flashes;
        core::JobRegistry &registry;
        Access &access;
        const core::Clock &clock;
    };

    explicit FlashProgressDialect(Surroundings surroundings);
    FlashProgressDialect(const FlashProgressDialect &) = delete;
    FlashProgressDialect &operator=(const FlashProgressDialect &) = delete;

    void addRoutes(Router &router);
    [[nodiscard]] CompatSockets &sockets() { return m_sockets; }

private:
    void take(CompatSession &session, const QByteArray &utf8) override;
    [[nodiscard]] bool isCounted(const CompatSession &session,
                                 const QByteArray &utf8) const override;
    [[nodiscard]] QByteArray errorMessage(const core::Error &error) const override;
    void report(CompatSession &session, core::JobReport report);

    Surroundings m_surroundings;
    FlashProgressCodec m_codec;
    MessageFeed m_feed;
    CompatSockets m_sockets;
};

} // namespace server
