#pragma once
#include "server/dialects/messagebudget.h"
#include "server/dialects/native/agentline.h"
#include "server/dialects/native/nativemethods.h"
#include "server/dialects/native/pairingask.h"
#include "server/dialects/native/rpcrunner.h"
#include "server/dialects/native/topicack.h"
#include "server/dialects/sessioncounters.h"
#include "server/dialects/sessionwatch.h"
#include "server/feed/eventfeed.h"
#include "server/http/access.h"
#include "server/http/exchange.h"

namespace server {

/// One client on the native socket.
///
///   received ─► budget ─► parse ─► session.*, topic.* here, the rest NativeMethods ─► answer
///   feed ─► events, progress                 tick ─► time to authenticate, heartbeat, stall, expiry
///
/// Threads: the hub thread.
class NativeSession final
    : public QObject
    , public FeedReader
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NativeSession)
public:
    static constexpr core::Milliseconds AuthenticationTime = std::chrono::seconds(5);
    static constexpr core::Milliseconds PingAfter = std::chrono::seconds(20);

    struct Surroundings {
        NativeMethods &methods;
        const core::JobService &service;
        const core::FlashService &flashes;
        EventFeed &feed;
        const Access &access;
        const core::Clock &clock;
        SessionCounters &counters;
        core::Pairings &pairings;
        core::Agents &agents;
    };

    /// `expiresAt` is when the token of the upgrade ends, 0 when never or there was none.
    NativeSession(std::unique_ptr<WebSocketSession> socket,
                  Surroundings surroundings,
                  qint64 expiresAt);
    ~NativeSession() override;

    /// Looks at the clock; called once a second.
    void tick();
    /// Says `session.bye` and closes. Does nothing when that was done before.
    void end(const Ending &ending);
    [[nodiscard]] const QString &tokenId() const { return m_tokenId; }

    [[nodiscard]] const core::Principal &principal() const override { return m_who; }
    [[nodiscard]] qint64 unsentBytes() const override { return m_socket->unsentBytes(); }
    void takeEvent(quint64 seq, const Frame &frame) override;
    void takeProgress(const Frame &frame) override;

signals:
    /// The connection is gone; nothing comes after this.
    void closed();

private:
    enum class Recovered { No, Yes };
    using Own = core::Result<QByteArray> (NativeSession::*)(const Params &);

    void onReceived(const QByteArray &utf8);
    void run(const RpcCall &call, Batch batch, const RpcAnswer &answer);
    void refuse(const RpcMessage &message, MessageBudget::Verdict verdict);
    void send(const QByteArray &message);
    void endAsSlow(const Ending &ending);
    void answerAll(const QByteArray &reply);
    void becomes(const Grant &grant);
    [[nodiscard]] static Own ownMethod(const QString &name);
    [[nodiscard]] core::Result<void> authenticate(const QString &token);

    [[nodiscard]] core::Result<QByteArray> hello(const Params &params);
    [[nodiscard]] core::Result<void> subscribeAll(const Params &params);
    [[nodiscard]] Recovered resume(const Position &position);
    [[nodiscard]] QByteArray greeting(const Position &position, Recovered recovered);
    [[nodiscard]] core::Result<QByteArray> auth(const Params &params);
    [[nodiscard]] core::Result<QByteArray> pong(const Params &params);
    [[nodiscard]] core::Result<QByteArray> subscribe(const Params &params);
    [[nodiscard]] core::Result<QByteArray> unsubscribe(const Params &params);
    [[nodiscard]] core::Result<QByteArray> listTopics(const Params &params);
    [[nodiscard]] TopicAcks topicAcks() const
    {
        return {m_surroundings.service, m_surroundings.flashes, m_surroundings.feed, m_who};
    }
    [[nodiscard]] core::Result<void> mayListen();
    [[nodiscard]] tl::unexpected<core::Error> turnAway(const QString &why);

    Surroundings m_surroundings;
    std::unique_ptr<WebSocketSession> m_socket;
    core::Principal m_who; // no scopes until it is known
    bool m_isKnown = false;
    bool m_hasSeat = false; // in the feed
    bool m_isEnding = false;
    QString m_id;
    QString m_tokenId;
    qint64 m_expiresAt = 0; // wall clock, 0: never
    MessageBudget m_budget;
    SessionWatch m_watch;
    PairingAsk m_pairing;
    AgentLine m_agent;
    core::Milliseconds m_mustBeKnownAt = AuthenticationTime; // age of the session
    std::function<void()> m_afterAnswer; // what may be sent only after the answer: replay, bye
};

} // namespace server
