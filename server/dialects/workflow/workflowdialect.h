#pragma once
#include "core/workflows/workflows.h"
#include "server/dialects/compatsockets.h"
#include "server/dialects/workflow/roommember.h"
#include "server/dialects/workflow/roommessage.h"
#include "server/dialects/workflow/silentcodec.h"

namespace server {

/// Workflows, agents and the coordinator on sockets with rooms (PROTOCOL.md §3.4):
///
///   /ws/workflow/{id}, /ws/agent/{name}, /ws/coordinator ─► in that room from the start
///   subscribe ─► ack, how it is; then every state at once, numbers while the reader keeps up
///   gone with a client_id ─► RoomMemory ─► back: its rooms, the states it missed, how it is
///
/// Threads: the hub thread.
class WorkflowDialect final
    : public QObject
    , private CompatHandler
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WorkflowDialect)
public:
    static constexpr core::Milliseconds CoordinatorInterval = std::chrono::seconds(5);
    static constexpr core::Milliseconds TickInterval = std::chrono::seconds(1);

    struct Surroundings {
        core::Workflows &workflows;
        core::Agents &agents;
        core::JobRegistry &registry;
        Access &access;
        const core::Clock &clock;
    };

    /// All of these outlive it.
    explicit WorkflowDialect(Surroundings surroundings);
    ~WorkflowDialect() override;

    void addRoutes(Router &router);
    [[nodiscard]] CompatSockets &sockets() { return m_sockets; }
    /// Says what waited, and the coordinator's figures when it is time. Called by a timer of its own, once a
    /// second; tests call it too.
    void tick();

private:
    enum class Weight { State, Numbers };

    void open(CompatSession &session) override;
    void forget(CompatSession &session) override;
    void take(CompatSession &session, const QByteArray &utf8) override;
    [[nodiscard]] bool isCounted(const CompatSession &session,
                                 const QByteArray &utf8) const override;
    [[nodiscard]] QByteArray errorMessage(const core::Error &error) const override;

    void comeBack(RoomMember &member);
    void remember(RoomMember &member);
    [[nodiscard]] core::Result<void> run(CompatSession &session, const RoomMessage &message);
    [[nodiscard]] core::Result<void> enter(RoomMember &member, const Room &room);
    [[nodiscard]] core::Result<void> leave(RoomMember &member, const Room &room);
    [[nodiscard]] core::Result<void> control(const core::Principal &who,
                                             const RoomControl &control);
    [[nodiscard]] core::Result<void> maySee(const core::Principal &who, const Room &room) const;
    [[nodiscard]] core::Error explain(const core::Error &error, const QString &workflow) const;
    /// How it is in the room; empty when there is nothing to say.
    [[nodiscard]] QByteArray stateOf(const Room &room) const;
    void onWorkflows(const core::WorkflowEvents &events);
    void closeRoom(const Room &room);
    void tell(const Room &room, const QByteArray &message, Weight weight);
    [[nodiscard]] std::vector<CompatSession *> sessions() const;
    [[nodiscard]] qint64 etaOf(const core::Workflow &workflow) const;
    [[nodiscard]] core::Milliseconds now() const { return m_surroundings.clock.wallTime(); }

    Surroundings m_surroundings;
    SilentCodec m_codec;
    MessageFeed m_feed;
    std::map<const CompatSession *, RoomMember> m_members;
    RoomMemory m_memory;
    CompatSockets m_sockets;
    core::Milliseconds m_coordinatorToldAt{0}; // monotonic
    QTimer m_timer;
};

} // namespace server
