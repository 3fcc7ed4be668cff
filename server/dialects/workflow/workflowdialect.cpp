#include "server/dialects/workflow/workflowdialect.h"

#include "core/base/logging.h"
#include "server/dialects/native/agentfeed.h"
#include "server/dialects/workflow/roomcodec.h"

namespace server {

using namespace Qt::StringLiterals;
using core::ErrorCode;
using core::Principal;
using Target = Room::Target;

namespace {

constexpr qsizetype LongestClientId = 128;
constexpr qint64 SlowBytes = qint64(256) << 10;
constexpr int Replaced = 1000; // who reconnects by itself must not take turns with its successor

/// "w3", also written "3"; an id that no workflow has is nullopt.
std::optional<core::WorkflowId> workflowIdFrom(const QString &text)
{
    const auto id = core::WorkflowId::fromText(text);
    return id ? id : core::WorkflowId::fromText(QString(u'w' + text));
}

/// As its own name says it, so that one workflow is one room.
Room normal(const Room &room)
{
    const auto id = room.target == Target::Workflow ? workflowIdFrom(room.id) : std::nullopt;
    return id ? Room{room.target, id->toString()} : room;
}

Room roomOfPath(const Request &request)
{
    const QString id = request.captures.value(0);
    if (request.path.startsWith("/ws/workflow/"_L1))
        return normal({Target::Workflow, id});
    if (request.path.startsWith("/ws/agent/"_L1))
        return {Target::Agent, id};
    return {};
}

tl::unexpected<core::Error> noSuch(const QString &what)
{
    return core::fail(ErrorCode::NotFound, u"there is no %1"_s.arg(what));
}

} // namespace

WorkflowDialect::WorkflowDialect(Surroundings surroundings)
    : m_surroundings(surroundings)
    , m_feed(surroundings.registry, surroundings.clock, m_codec)
    , m_sockets({m_feed, surroundings.access, surroundings.clock}, *this)
    , m_timer(this)
{
    const core::AgentBoard &board = m_surroundings.agents.board();
    connect(&m_surroundings.workflows, &core::Workflows::eventsReady, this,
            &WorkflowDialect::onWorkflows);
    connect(&board, &core::AgentBoard::agentChanged, this, [this](const core::AgentChange &change) {
        const bool isStep = !change.before || change.before->status != change.agent.status;
        tell({Target::Agent, change.agent.name}, RoomCodec::agentStatus(change.agent, now()),
             isStep ? Weight::State : Weight::Numbers);
    });
    connect(&board, &core::AgentBoard::countsChanged, this,
            [this] { tell({}, stateOf({}), Weight::Numbers); });
    connect(&m_timer, &QTimer::timeout, this, &WorkflowDialect::tick);
    m_timer.start(TickInterval);
}

/// Agents that go with their sockets are nothing to tell.
WorkflowDialect::~WorkflowDialect()
{
    m_surroundings.agents.board().disconnect(this);
}

void WorkflowDialect::addRoutes(Router &router)
{
    for (const QString &path :
         {u"/ws/workflow/{id}"_s, u"/ws/agent/{name}"_s, u"/ws/coordinator"_s})
        m_sockets.addRoute(router, path);
}

void WorkflowDialect::tick()
{
    const core::Milliseconds time = m_surroundings.clock.monotonicTime();
    m_memory.forgetOld(time);
    if (time - m_coordinatorToldAt >= CoordinatorInterval - TickInterval / 2)
        tell({}, stateOf({}), Weight::Numbers);
    for (CompatSession *session : sessions()) {
        if (session->unsentBytes() > SlowBytes)
            continue;
        const auto member = m_members.find(session);
        if (member == m_members.end()) // it went while others were told
            continue;
        for (const Room &room : std::exchange(member->second.late, {}))
            if (const QByteArray state = stateOf(room); !state.isEmpty())
                session->takeMessage(state);
    }
}

QByteArray WorkflowDialect::errorMessage(const core::Error &error) const
{
    return RoomCodec::error(error, now());
}

/// Neither signs of life nor what an agent says of its work, which Agents counts.
bool WorkflowDialect::isCounted(const CompatSession &session, const QByteArray &utf8) const
{
    const auto message = roomMessageFrom(utf8);
    if (!message)
        return true;
    const auto *word = std::get_if<RoomAgentWord>(&*message);
    const auto member = m_members.find(&session);
    const bool isAgent =
        member != m_members.end() && member->second.agent && member->second.agent->isAgent();
    const bool isReport = word && word->type != "register"_L1 && isAgent
        && session.principal().has(core::Scope::Report);
    return !isReport && !std::holds_alternative<RoomPing>(*message);
}

void WorkflowDialect::open(CompatSession &session)
{
    const Room room = roomOfPath(session.request());
    RoomMember &member = m_members[&session];
    member.session = &session;
    if (room.target == Target::Agent)
        member.agent = std::make_unique<RoomAgent>(
            m_surroundings.agents, m_surroundings.clock, room.id,
            [&session](const QByteArray &message) { session.send(message); });
    comeBack(member);
    // An agent is not there before it has registered, and need not see others.
    const auto there = member.agent ? m_surroundings.agents.board().find(room.id) : std::nullopt;
    const bool isToBe = member.agent && session.principal().has(core::Scope::Report)
        && (!there || session.principal().canSee(there->owner));
    const auto may = maySee(session.principal(), room);
    const bool isEmpty = !may && may.error().code == ErrorCode::NotFound && isToBe;
    if (may || isEmpty)
        member.rooms.insert(room);
    else if (!isToBe)
        session.send(errorMessage(may.error()));
    for (const Room &entered : std::set<Room>(member.rooms))
        if (const QByteArray state = stateOf(entered); !state.isEmpty())
            session.takeMessage(state);
}

/// The rooms it had, and the states that were told there meanwhile.
void WorkflowDialect::comeBack(RoomMember &member)
{
    const QString client =
        member.session->request().query.queryItemValue(u"client_id"_s, QUrl::FullyDecoded);
    if (client.isEmpty() || client.size() > LongestClientId)
        return;
    const Principal &who = member.session->principal();
    // Whoever has other rights is another, whatever the name: a JWT chooses its own.
    member.key = RoomMemory::Key{
        who.owner, who.name + u'\n' + core::scopeNames(who.scopes).join(u' '), client};
    const core::Milliseconds time = m_surroundings.clock.monotonicTime();
    for (auto &[session, other] : m_members) {
        if (other.session == member.session || other.key != member.key)
            continue;
        remember(other);
        other.key.reset();
        other.session->end({Replaced, u"the client connected again"_s});
        break;
    }
    const auto place = m_memory.comeBack(*member.key, time);
    if (!place)
        return;
    for (const Room &room : place->rooms)
        if (maySee(who, room))
            member.rooms.insert(room);
    for (const QByteArray &message : place->missed)
        member.session->takeMessage(message);
}

void WorkflowDialect::remember(RoomMember &member)
{
    member.told.heard(member.session->heardAt());
    m_memory.leave(*member.key, member.rooms, member.told.doubtful(),
                   m_surroundings.clock.monotonicTime());
}

void WorkflowDialect::forget(CompatSession &session)
{
    const auto member = m_members.find(&session);
    if (member == m_members.end())
        return;
    if (member->second.key)
        remember(member->second);
    const auto gone = m_members.extract(member); // its agent leaves, which is told to the others
}

void WorkflowDialect::take(CompatSession &session, const QByteArray &utf8)
{
    const auto message = roomMessageFrom(utf8);
    if (!message)
        return session.send(errorMessage(message.error()));
    if (const auto *unknown = std::get_if<RoomUnknown>(&*message)) {
        qCDebug(lcServer).noquote() << "ignored a message of type" << unknown->type.left(80);
        return;
    }
    if (const auto done = run(session, *message); !done)
        session.send(errorMessage(done.error()));
}

core::Result<void> WorkflowDialect::run(CompatSession &session, const RoomMessage &message)
{
    RoomMember &member = m_members[&session];
    if (std::holds_alternative<RoomPing>(message))
        session.send(RoomCodec::pong());
    if (const auto *wish = std::get_if<RoomSubscribe>(&message))
        return enter(member, normal(wish->room));
    if (const auto *wish = std::get_if<RoomUnsubscribe>(&message))
        return leave(member, normal(wish->room));
    if (const auto *wish = std::get_if<RoomControl>(&message))
        return control(session.principal(), *wish);
    const auto *word = std::get_if<RoomAgentWord>(&message);
    if (word && !member.agent)
        return core::fail(ErrorCode::InvalidState,
                          u"agents speak at /ws/agent/{name}; this is another socket"_s);
    return word ? member.agent->take(session.principal(), word->type, word->members)
                : core::Result<void>();
}

core::Result<void> WorkflowDialect::enter(RoomMember &member, const Room &room)
{
    if (const auto may = maySee(member.session->principal(), room); !may)
        return may;
    if (!member.rooms.contains(room) && member.rooms.size() >= RoomMember::MostRooms)
        return core::fail(ErrorCode::LimitExceeded,
                          u"%1 subscriptions are the most"_s.arg(RoomMember::MostRooms));
    member.rooms.insert(room);
    member.session->send(RoomCodec::ack(u"subscribed"_s, room));
    member.session->takeMessage(stateOf(room));
    return {};
}

core::Result<void> WorkflowDialect::leave(RoomMember &member, const Room &room)
{
    if (member.rooms.erase(room) == 0)
        return noSuch(u"subscription to %1"_s.arg(room.id.isEmpty() ? u"coordinator"_s : room.id));
    member.late.erase(room);
    member.session->send(RoomCodec::ack(u"unsubscribed"_s, room));
    return {};
}

core::Result<void> WorkflowDialect::control(const Principal &who, const RoomControl &control)
{
    using Action = RoomControl::Action;
    const auto id = workflowIdFrom(control.workflow);
    if (!id)
        return noSuch(u"workflow "_s + control.workflow);
    core::Workflows &workflows = m_surroundings.workflows;
    const auto done = control.action == Action::Pause ? workflows.pause(who, *id)
        : control.action == Action::Resume            ? workflows.resume(who, *id)
                                                      : workflows.cancel(who, *id);
    return done.map([](const auto &) {}).map_error([&](const core::Error &error) {
        return explain(error, control.workflow);
    });
}

core::Result<void> WorkflowDialect::maySee(const Principal &who, const Room &room) const
{
    if (room.target == Target::Workflow) {
        const auto id = workflowIdFrom(room.id);
        if (!id)
            return noSuch(u"workflow "_s + room.id);
        return m_surroundings.workflows.get(who, *id)
            .map([](const auto &) {})
            .map_error([&](const core::Error &error) { return explain(error, room.id); });
    }
    if (!who.has(core::Scope::Read))
        return core::fail(ErrorCode::Forbidden, u"this needs scope \"read\""_s);
    if (const auto may = maySeeAgents(who); !may)
        return may;
    if (room.target == Target::Agent && !m_surroundings.agents.board().find(room.id))
        return noSuch(u"agent "_s + room.id);
    return {};
}

/// Here, unlike elsewhere, a client is told that a workflow is another owner's.
core::Error WorkflowDialect::explain(const core::Error &error, const QString &workflow) const
{
    const auto id = workflowIdFrom(workflow);
    const bool isThere = id && m_surroundings.workflows.get(Principal::localUser(), *id);
    if (error.code != ErrorCode::NotFound || !isThere)
        return error;
    return {ErrorCode::Forbidden, u"workflow %1 is not yours"_s.arg(workflow)};
}

QByteArray WorkflowDialect::stateOf(const Room &room) const
{
    const core::AgentBoard &board = m_surroundings.agents.board();
    if (room.target == Target::Coordinator)
        return RoomCodec::coordinatorMetrics(board.counts(), now());
    if (room.target == Target::Agent) {
        const auto agent = board.find(room.id);
        return agent ? RoomCodec::agentStatus(*agent, now()) : QByteArray();
    }
    const auto id = workflowIdFrom(room.id);
    if (!id)
        return {};
    const auto workflow = m_surroundings.workflows.get(Principal::localUser(), *id);
    return workflow ? RoomCodec::progress(*workflow, etaOf(*workflow), now()) : QByteArray();
}

void WorkflowDialect::onWorkflows(const core::WorkflowEvents &events)
{
    for (const core::WorkflowEvent &event : events) {
        if (const auto *removed = std::get_if<core::WorkflowRemoved>(&event))
            closeRoom({Target::Workflow, removed->id.toString()});
        const auto *changed = std::get_if<core::WorkflowChanged>(&event);
        if (!changed)
            continue;
        const core::Workflow &workflow = changed->workflow;
        tell({Target::Workflow, workflow.id.toString()},
             RoomCodec::progress(workflow, etaOf(workflow), now()),
             movesOnlyProgress(changed->before, workflow) ? Weight::Numbers : Weight::State);
    }
}

void WorkflowDialect::closeRoom(const Room &room)
{
    for (auto &[session, member] : m_members) {
        member.rooms.erase(room);
        member.late.erase(room);
    }
}

void WorkflowDialect::tell(const Room &room, const QByteArray &message, Weight weight)
{
    if (room.target == Target::Coordinator)
        m_coordinatorToldAt = m_surroundings.clock.monotonicTime();
    if (weight == Weight::State)
        m_memory.tell(room, message);
    for (CompatSession *session : sessions()) {
        const auto found = m_members.find(session);
        if (found == m_members.end() || !found->second.rooms.contains(room))
            continue;
        RoomMember &member = found->second;
        const bool isSlow = session->unsentBytes() > SlowBytes;
        if (weight == Weight::Numbers && isSlow) {
            member.late.insert(room);
            continue;
        }
        member.late.erase(room);
        if (member.key && weight == Weight::State) {
            member.told.heard(session->heardAt());
            member.told.add(message, m_surroundings.clock.monotonicTime());
        }
        session->takeMessage(message);
    }
}

/// Those who are here, for loops in which they may go.
std::vector<CompatSession *> WorkflowDialect::sessions() const
{
    std::vector<CompatSession *> list;
    for (const auto &[session, member] : m_members)
        list.push_back(member.session);
    return list;
}

/// That of the last step that has not ended; how long the steps before it take nobody knows. -1: unknown.
qint64 WorkflowDialect::etaOf(const core::Workflow &workflow) const
{
    QList<core::JobId> open;
    for (const core::WorkflowStep &step : workflow.steps)
        if (!isFinal(step.state))
            open.append(step.job);
    const core::JobSnapshot *job =
        open.size() == 1 ? m_surroundings.registry.find(open.constFirst()) : nullptr;
    return job ? job->progress.etaSeconds : -1;
}

} // namespace server
