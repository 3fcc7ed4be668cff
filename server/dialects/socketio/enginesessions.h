#pragma once
#include "server/dialects/sessionset.h"
#include "server/dialects/socketio/enginehandshake.h"
#include "server/dialects/socketio/enginesession.h"
#include "server/http/router.h"

namespace server {

/// The Engine.IO sessions at `/socket.io/`: opens them, and leads requests to theirs.
///
///   no sid ─► EngineSession, told by `opened`          sid ─► the session, if it is the one who opened it
///
/// As many as `--max-connections`. When there are more, the oldest that nobody has said a token on goes.
///
/// Threads: the hub thread.
class EngineSessions final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EngineSessions)
public:
    using Opened = std::function<void(EngineSession &)>;

    /// `opened` is called before the first byte is answered.
    EngineSessions(const core::Clock &clock, int most, Opened opened);

    void addRoutes(Router &router);
    /// Looks at the clock for every session.
    void tick();
    [[nodiscard]] std::vector<EngineSession *> all() const { return m_sessions.all(); }
    /// Its client is known: it does not make room for others.
    void keep(const EngineSession &session) { m_strangers.removeOne(session.sid()); }

private:
    void get(Exchange &exchange);
    void post(Exchange &exchange);
    void begin(Exchange &exchange);
    [[nodiscard]] std::optional<Response> refuseSocket(const Request &request);
    void adopt(std::unique_ptr<WebSocketSession> socket);
    [[nodiscard]] tl::expected<EngineSession *, EngineRefusal> find(const EngineWish &wish,
                                                                    const Request &request) const;
    [[nodiscard]] bool hasRoom();
    [[nodiscard]] EngineSession &make(const Request &request);
    void forget(const QByteArray &sid);

    const core::Clock &m_clock;
    int m_most;
    Opened m_opened;
    SessionSet<EngineSession> m_sessions;
    QHash<QByteArray, EngineSession *> m_bySid;
    QByteArrayList m_strangers; // oldest first
};

} // namespace server
