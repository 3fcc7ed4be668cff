#pragma once
#include "server/dialects/messagebudget.h"
#include "server/dialects/native/nativemethods.h"
#include "server/dialects/sessioncounters.h"
#include "server/dialects/socketio/aifeed.h"
#include "server/dialects/socketio/aireports.h"
#include "server/dialects/socketio/enginesession.h"
#include "server/dialects/socketio/socketpacket.h"
#include "server/http/access.h"

namespace server {

/// One Socket.IO client on the namespace `/`, the only one there is.
///
///   CONNECT {sid} ─┬─ a token, or who opened the session ─► CONNECT {sid}: hears of its owner's work
///                  └─ else ─► CONNECT_ERROR unauthorized; a second time in a session ends it
///   ai_progress, job.report ─► a job; asked for an answer: {"ok":true,"job":…} or {"ok":false,"error":…}
///
/// Threads: the hub thread.
class SocketIoSession final
    : public QObject
    , public MessageReader
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SocketIoSession)
public:
    /// Without a CONNECT the session ends.
    static constexpr core::Milliseconds ConnectTime{45'000};

    struct Surroundings {
        NativeMethods &methods;
        AiReports &reports;
        AiFeed &feed;
        Access &access;
        const core::Clock &clock;
        SessionCounters &counters;
    };

    /// `engine` outlives the signal `closed`, not always the session.
    SocketIoSession(EngineSession &engine, Surroundings surroundings);
    ~SocketIoSession() override;

    /// Looks at the clock; called once a second.
    void tick();
    /// The token is no longer good: tells the client not to come back with it.
    void expel(const Ending &ending);
    /// Closes; the client comes back.
    void end(const Ending &ending) { m_engine.end(ending); }

    /// Nobody before CONNECT.
    [[nodiscard]] const core::Principal &principal() const override { return m_grant.principal; }
    /// Whether it speaks, or may come to speak, by that token.
    [[nodiscard]] bool isOf(const QString &tokenId) const;
    [[nodiscard]] qint64 unsentBytes() const override { return m_engine.unsentBytes(); }
    void takeMessage(const QByteArray &packet) override;

signals:
    /// Its client is known.
    void connected();
    /// It is over; nothing comes after this.
    void closed();

private:
    void onReceived(const QByteArray &message);
    void onEngineClosed();
    void connectClient(const SocketPacket &packet);
    [[nodiscard]] std::optional<Grant> grantFor(const SocketPacket &packet) const;
    void refuseClient();
    void takeEvent(const SocketPacket &packet);
    void report(const SocketPacket &packet, const QByteArray &message);
    void call(const SocketPacket &packet, const QJsonObject &params);
    [[nodiscard]] bool spend(const SocketPacket &packet);
    void succeed(const std::optional<qint64> &id, const QByteArray &job);
    void fail(const std::optional<qint64> &id, const core::Error &error);
    void send(const SocketPacket &packet);
    void leave();

    EngineSession &m_engine;
    Surroundings m_surroundings;
    Grant m_grant;
    MessageBudget m_budget;
    core::Milliseconds m_waitsSince; // for CONNECT, monotonic
    bool m_isConnected = false;
    bool m_wasRefused = false;
    bool m_isOver = false;
};

} // namespace server
