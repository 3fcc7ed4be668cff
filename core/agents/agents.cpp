#include "core/agents/agents.h"

#include "core/jobs/jobchange.h"
#include "core/jobs/jobregistry.h"
#include "core/store/jobstore.h"

#include <QRandomGenerator>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// Never the same again, also not after a restart: an answer that comes late fits nothing.
QString makeOfferId(JobId job)
{
    const quint64 random = QRandomGenerator::system()->generate64();
    return job.toString() + u'-' + QString::number(random, 16);
}

Result<void> checkCard(const Principal &who, const Agents::Card &card)
{
    if (!who.has(Scope::Report))
        return fail(ErrorCode::Forbidden, u"this needs scope \"report\""_s);
    if (card.lease < Agents::ShortestLease || card.lease > Agents::LongestLease)
        return fail(ErrorCode::InvalidArgument,
                    u"\"leaseMs\" is not between %1 and %2"_s.arg(Agents::ShortestLease.count())
                        .arg(Agents::LongestLease.count()));
    if (const auto checked = checkAgentName(card.name); !checked)
        return checked;
    return checkCapabilities(card.capabilities);
}

tl::unexpected<Error> tooManyChanges()
{
    return fail(
        ErrorCode::RateLimited,
        u"%1 changes a second; numbers are not counted"_s.arg(ReportBudget::ChangesPerSecond));
}

} // namespace

Agents::Agents(const Clock &clock, JobRegistry &registry, JobStore &store, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_registry(registry)
    , m_store(store)
    , m_board(clock, registry)
    , m_timer(this)
    , m_wake(this)
{
    connect(&registry, &JobRegistry::eventsReady, this, &Agents::onEvents);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Agents::run);
    m_wake.setSingleShot(true);
    connect(&m_wake, &QTimer::timeout, this, &Agents::run);
}

Agents::~Agents() = default;

void Agents::takeUp()
{
    const Milliseconds expiresAt = m_clock.monotonicTime() + DefaultLease;
    for (const JobSnapshot &job : m_registry.snapshots()) {
        const auto work = isAgentWork(job) ? decodeAgentWork(job.spec) : std::nullopt;
        if (work && job.state == JobState::Running && !work->offer.isEmpty())
            m_table.restore({work->offer, job.id, work->agent, true, expiresAt}, work->agentOwner);
        else if (work && job.state == JobState::Running)
            offerAgain(job.id, {}); // nobody has it
        else if (work)
            consider(job);
    }
    m_wake.start();
}

Result<std::optional<WorkOffer>>
Agents::join(const Principal &who, const Card &card, AgentLink &link)
{
    if (const auto checked = checkCard(who, card); !checked)
        return core::fail(checked.error());
    if (const auto line = m_lines.constFind(&link);
        line != m_lines.constEnd() && line->name != card.name)
        return core::fail(ErrorCode::InvalidState,
                          u"this connection is agent \"%1\" already"_s.arg(line->name));
    if (m_table.ownerOf(card.name).value_or(who.owner) != who.owner)
        return core::fail(ErrorCode::Forbidden,
                          u"another owner's agent is called \"%1\""_s.arg(card.name));
    AgentLink *before = m_links.value(card.name);
    if (before && before != &link) {
        dropUnanswered(card.name);
        m_lines.remove(before);
        before->lose();
    }
    m_lines[&link].name = card.name;
    m_links.insert(card.name, &link);
    m_table.seat(card.name, {who, card.capabilities, card.lease});
    m_leases.insert(card.name, card.lease);
    m_board.arrive(card.name, who.owner, card.capabilities);
    m_wake.start();
    const Offer *held = m_table.offerOf(card.name);
    if (!held || !held->isAccepted)
        return std::nullopt;
    m_table.takeUp(card.name, m_clock.monotonicTime());
    setTimer();
    if (m_board.find(card.name)->current == JobId()) // since a restart
        m_board.begin(card.name, held->job);
    return workOf(*held);
}

void Agents::leave(AgentLink &link)
{
    const QString name = m_lines.take(&link).name;
    if (name.isEmpty())
        return;
    m_links.remove(name);
    m_leases.remove(name);
    dropUnanswered(name);
    m_table.leave(name);
    m_board.leave(name);
    m_wake.start();
}

Result<void> Agents::accept(AgentLink &link, const QString &offer)
{
    const auto agent = spend(link);
    if (!agent)
        return core::fail(agent.error());
    const Offer *held = m_table.offerOf(*agent);
    const bool isAgain = held && held->id == offer && held->isAccepted;
    const auto accepted = m_table.accept(*agent, offer, m_clock.monotonicTime());
    if (!accepted)
        return core::fail(accepted.error());
    setTimer();
    const JobSnapshot *job = m_registry.find(accepted->job);
    if (isAgain || !job)
        return {};
    m_rates[job->id].reset();
    m_board.begin(*agent, job->id);
    const QString owner = m_table.ownerOf(*agent).value_or(QString());
    return m_registry.report(job->id, acceptedJob(*job, *accepted, owner, m_clock.wallTime()));
}

Result<void> Agents::progress(AgentLink &link, const QString &offer, const AgentProgress &progress)
{
    if (const auto checked = checkProgress(progress); !checked)
        return checked;
    const auto held = renew(link, offer);
    if (!held)
        return core::fail(held.error());
    setTimer();
    const auto line = m_lines.find(&link);
    const Milliseconds now = m_clock.monotonicTime();
    m_board.countMessage(line->name);
    const JobSnapshot *job = m_registry.find(held->job);
    if (!job)
        return {};
    JobSnapshot next = progressedJob(*job, progress);
    if (!movesOnlyNumbers(*job, next) && !line->budget.take(now))
        return tooManyChanges();
    RateMeter &rate = m_rates[job->id];
    rate.add(now, next.progress.done);
    const qint64 left = next.progress.total - next.progress.done;
    next.progress.bytesPerSecond = progress.fraction ? 0 : rate.bytesPerSecond();
    next.progress.etaSeconds =
        rate.etaSeconds(next.progress.total < 0 ? -1 : std::max<qint64>(0, left));
    return m_registry.report(held->job, next);
}

Result<JobId> Agents::complete(AgentLink &link, const QString &offer, const QByteArray &outputs)
{
    const auto held = renew(link, offer);
    if (!held)
        return core::fail(held.error());
    const auto closed = close(link, offer);
    if (!closed)
        return core::fail(closed.error());
    m_board.end(closed->agent, AgentBoard::End::Succeeded);
    const JobId id = closed->job;
    const JobSnapshot *job = m_registry.find(id);
    if (!job)
        return id;
    return m_registry.report(id, completedJob(*job, outputs, m_clock.wallTime())).map([id] {
        return id;
    });
}

Result<JobId> Agents::fail(AgentLink &link, const QString &offer, const Failure &failure)
{
    const auto closed = close(link, offer);
    if (!closed)
        return core::fail(closed.error());
    if (closed->isAccepted)
        m_board.end(closed->agent, AgentBoard::End::Failed);
    const JobId id = closed->job;
    const JobSnapshot *job = m_registry.find(id);
    if (!job)
        return id;
    const bool isWorthIt = failure.worth == Failure::Worth::Retry;
    if (isWorthIt)
        m_table.decline(id, closed->agent, m_clock.monotonicTime());
    if (isWorthIt && !closed->isAccepted)
        return id;
    if (isWorthIt && ++m_tries[id] < MostTries) {
        offerAgain(id, failure.message);
        return id;
    }
    return m_registry.report(id, failedJob(*job, failure.message, m_clock.wallTime())).map([id] {
        return id;
    });
}

void Agents::whenCommitted(JobId job, std::function<void(const Result<void> &)> done)
{
    m_store.whenCommitted(job, this, std::move(done));
}

void Agents::run()
{
    m_wake.stop();
    expire();
    for (const Offer &offer : m_table.match(m_clock.monotonicTime(), makeOfferId)) {
        const auto work = workOf(offer);
        if (AgentLink *link = m_links.value(offer.agent); link && work)
            link->takeOffer(*work);
    }
    setTimer();
}

void Agents::onEvents(const JobEvents &events)
{
    for (const JobEvent &event : events) {
        if (const auto *added = std::get_if<JobAdded>(&event.change))
            consider(added->job);
        else if (const auto *changed = std::get_if<JobChanged>(&event.change))
            consider(changed->job);
        else if (const auto *removed = std::get_if<JobRemoved>(&event.change))
            takeBack(removed->id);
    }
}

/// Runs inside the registry's signal: offers are made in the next turn.
void Agents::consider(const JobSnapshot &job)
{
    if (!isAgentWork(job))
        return;
    if (job.state == JobState::Running)
        return m_table.stopWaiting(job.id);
    if (job.state != JobState::Queued || job.progress.stage == Stage::AwaitingConfirmation)
        return takeBack(job.id);
    const auto work = decodeAgentWork(job.spec);
    m_table.wait(job.id, {work ? work->kind : QString(), job.owner, job.position});
    m_wake.start();
}

/// The job is over for its agent.
void Agents::takeBack(JobId job)
{
    m_rates.remove(job);
    m_tries.remove(job);
    const auto offer = m_table.takeBack(job);
    if (!offer)
        return;
    if (offer->isAccepted)
        m_board.end(offer->agent, AgentBoard::End::Dropped);
    if (AgentLink *link = m_links.value(offer->agent))
        link->loseOffer(offer->id);
    m_wake.start();
}

void Agents::dropUnanswered(const QString &agent)
{
    const Offer *offer = m_table.offerOf(agent);
    if (offer && !offer->isAccepted)
        (void)m_table.close(agent, QString(offer->id)); // it has it
}

void Agents::expire()
{
    const Milliseconds now = m_clock.monotonicTime();
    const QList<Offer> over = m_table.expire(now);
    for (const Offer &offer : over) {
        if (AgentLink *link = m_links.value(offer.agent))
            link->loseOffer(offer.id);
        m_table.decline(offer.job, offer.agent, now);
        if (!offer.isAccepted)
            continue;
        m_board.end(offer.agent, AgentBoard::End::Failed);
        offerAgain(offer.job, u"agent %1 was lost"_s.arg(offer.agent));
    }
}

void Agents::offerAgain(JobId job, const QString &why)
{
    m_rates.remove(job);
    if (const JobSnapshot *lost = m_registry.find(job))
        (void)m_registry.report(job, queuedAgainJob(*lost, why)); // it is there
}

/// Counts one change. Answers whose link it is; nobody's has no name, and no offer.
Result<QString> Agents::spend(AgentLink &link)
{
    const auto line = m_lines.find(&link);
    if (line == m_lines.end())
        return QString();
    if (!line->budget.take(m_clock.monotonicTime()))
        return tooManyChanges();
    m_board.countMessage(line->name);
    return line->name;
}

/// A word about an offer that is not its counts as a change.
Result<Offer> Agents::renew(AgentLink &link, const QString &offer)
{
    const auto line = m_lines.find(&link);
    const Milliseconds now = m_clock.monotonicTime();
    auto held = m_table.renew(line == m_lines.end() ? QString() : line->name, offer, now);
    if (!held && line != m_lines.end() && !line->budget.take(now))
        return tooManyChanges();
    return held;
}

Result<Offer> Agents::close(AgentLink &link, const QString &offer)
{
    const auto agent = spend(link);
    if (!agent)
        return core::fail(agent.error());
    auto closed = m_table.close(*agent, offer);
    if (closed)
        m_wake.start();
    return closed;
}

std::optional<WorkOffer> Agents::workOf(const Offer &offer) const
{
    const JobSnapshot *job = m_registry.find(offer.job);
    const auto work = job ? decodeAgentWork(job->spec) : std::nullopt;
    if (!work)
        return std::nullopt;
    return WorkOffer{offer.id, offer.job, work->kind, work->spec, m_leases.value(offer.agent)};
}

void Agents::setTimer()
{
    const Milliseconds now = m_clock.monotonicTime();
    const auto next = m_table.nextTurn(now);
    if (!next)
        return m_timer.stop();
    m_timer.start(std::max(*next - now, Milliseconds(1)));
}

} // namespace core
