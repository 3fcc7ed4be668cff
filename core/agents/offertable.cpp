#include "core/agents/offertable.h"

#include <algorithm>
#include <limits>

namespace core {

using namespace Qt::StringLiterals;

void OfferTable::seat(const QString &name, const Seat &seat)
{
    Agent &agent = m_agents[name];
    makeBusy(name, agent); // its capabilities may be others
    agent.seat = seat;
    agent.isHere = true;
    agent.restsUntil = Milliseconds{0};
    if (agent.offer.isEmpty())
        makeIdle(name, agent);
}

void OfferTable::leave(const QString &name)
{
    const auto agent = m_agents.find(name);
    if (agent == m_agents.end())
        return;
    makeBusy(name, *agent);
    agent->isHere = false;
    if (agent->offer.isEmpty())
        m_agents.erase(agent);
}

std::optional<QString> OfferTable::ownerOf(const QString &name) const
{
    const auto agent = m_agents.constFind(name);
    return agent == m_agents.constEnd() ? std::nullopt : std::optional(agent->seat.who.owner);
}

const Offer *OfferTable::offerOf(const QString &agent) const
{
    const auto offer = m_offers.constFind(m_agents.value(agent).offer);
    return offer == m_offers.constEnd() ? nullptr : &*offer;
}

void OfferTable::wait(JobId job, const Waiting &waiting)
{
    takeOutOfLine(job);
    m_jobs.insert(job, waiting);
    if (!m_offerOf.contains(job))
        putInLine(job);
}

void OfferTable::stopWaiting(JobId job)
{
    takeOutOfLine(job);
    m_jobs.remove(job);
}

std::optional<Offer> OfferTable::takeBack(JobId job)
{
    stopWaiting(job);
    m_declined.remove(job);
    const auto id = m_offerOf.constFind(job);
    if (id == m_offerOf.constEnd())
        return std::nullopt;
    const Offer offer = m_offers.value(*id);
    end(offer);
    return offer;
}

QList<Offer> OfferTable::match(Milliseconds now, const MakeId &makeId)
{
    QList<Offer> made;
    qint64 after = std::numeric_limits<qint64>::min();
    while (const auto job = nextInLine(after)) {
        after = m_jobs.value(*job).position;
        if (const auto agent = agentFor(*job, now))
            made.append(give(*job, *agent, makeId(*job), now));
    }
    return made;
}

Offer OfferTable::give(JobId job, const QString &agent, const QString &id, Milliseconds now)
{
    takeOutOfLine(job);
    Agent &taker = m_agents[agent];
    makeBusy(agent, taker);
    taker.offer = id;
    const Offer offer{.id = id, .job = job, .agent = agent, .expiresAt = now + AnswerTime};
    m_offers.insert(id, offer);
    m_offerOf.insert(job, id);
    return offer;
}

void OfferTable::restore(const Offer &offer, const QString &owner)
{
    Agent &agent = m_agents[offer.agent];
    agent.seat.who.owner = owner;
    agent.offer = offer.id;
    m_offers.insert(offer.id, offer);
    m_offerOf.insert(offer.job, offer.id);
}

Result<Offer> OfferTable::accept(const QString &agent, const QString &offer, Milliseconds now)
{
    const auto found = require(agent, offer);
    if (!found)
        return fail(found.error());
    (*found)->isAccepted = true;
    (*found)->expiresAt = now + m_agents[agent].seat.lease;
    return **found;
}

Result<Offer> OfferTable::renew(const QString &agent, const QString &offer, Milliseconds now)
{
    const auto found = require(agent, offer);
    if (!found)
        return fail(found.error());
    if (!(*found)->isAccepted)
        return fail(ErrorCode::InvalidState, u"offer %1 was not accepted"_s.arg(offer));
    (*found)->expiresAt = now + m_agents[agent].seat.lease;
    (*found)->isTakenUp = false;
    return **found;
}

void OfferTable::takeUp(const QString &agent, Milliseconds now)
{
    const Offer *held = offerOf(agent);
    if (!held || held->isTakenUp || !renew(agent, QString(held->id), now))
        return;
    m_offers[held->id].isTakenUp = true;
}

Result<Offer> OfferTable::close(const QString &agent, const QString &offer)
{
    const auto found = require(agent, offer);
    if (!found)
        return fail(found.error());
    const Offer closed = **found;
    end(closed);
    return closed;
}

void OfferTable::decline(JobId job, const QString &agent, Milliseconds now)
{
    m_declined[job].insert(agent, now + Rest);
}

QList<Offer> OfferTable::expire(Milliseconds now)
{
    QList<Offer> over;
    for (const Offer &offer : std::as_const(m_offers))
        if (offer.expiresAt <= now)
            over.append(offer);
    for (const Offer &offer : std::as_const(over)) {
        if (!offer.isAccepted)
            m_agents[offer.agent].restsUntil = now + Rest;
        end(offer);
    }
    return over;
}

std::optional<Milliseconds> OfferTable::nextTurn(Milliseconds now) const
{
    std::optional<Milliseconds> next;
    const auto consider = [&next, now](Milliseconds time) {
        if (time > now)
            next = std::min(next.value_or(time), time);
    };
    for (const Offer &offer : m_offers)
        consider(std::max(offer.expiresAt, now + Milliseconds(1)));
    for (const Agent &agent : m_agents)
        consider(agent.restsUntil);
    for (const auto &agents : m_declined)
        for (const Milliseconds until : agents)
            consider(until);
    return next;
}

void OfferTable::makeIdle(const QString &name, Agent &agent)
{
    agent.freeSince = ++m_lastFree;
    for (const QString &kind : std::as_const(agent.seat.capabilities))
        m_kinds[kind].idle.insert({agent.freeSince, name});
}

void OfferTable::makeBusy(const QString &name, const Agent &agent)
{
    for (const QString &kind : agent.seat.capabilities) {
        m_kinds[kind].idle.erase({agent.freeSince, name});
        forgetUnused(kind);
    }
}

void OfferTable::forgetUnused(const QString &kind)
{
    const auto found = m_kinds.find(kind);
    if (found != m_kinds.end() && found->second.idle.empty() && found->second.waiting.empty())
        m_kinds.erase(found);
}

void OfferTable::putInLine(JobId job)
{
    const Waiting &waiting = m_jobs[job];
    m_kinds[waiting.kind].waiting.insert_or_assign(waiting.position, job);
}

void OfferTable::takeOutOfLine(JobId job)
{
    const auto waiting = m_jobs.constFind(job);
    if (waiting == m_jobs.constEnd())
        return;
    auto &line = m_kinds[waiting->kind].waiting;
    if (const auto place = line.find(waiting->position);
        place != line.end() && place->second == job)
        line.erase(place);
    forgetUnused(waiting->kind);
}

std::optional<JobId> OfferTable::nextInLine(qint64 after) const
{
    std::optional<std::pair<qint64, JobId>> next;
    for (const auto &[name, kind] : m_kinds) {
        const auto place = kind.waiting.upper_bound(after);
        if (kind.idle.empty() || place == kind.waiting.end())
            continue;
        if (!next || place->first < next->first)
            next = *place;
    }
    return next ? std::optional(next->second) : std::nullopt;
}

std::optional<QString> OfferTable::agentFor(JobId job, Milliseconds now) const
{
    const Waiting waiting = m_jobs.value(job);
    const QHash<QString, Milliseconds> declined = m_declined.value(job);
    for (const auto &[since, name] : m_kinds.at(waiting.kind).idle) {
        const Agent agent = m_agents.value(name);
        const bool isWilling = agent.restsUntil <= now && declined.value(name) <= now;
        if (isWilling && agent.seat.who.canSee(waiting.owner))
            return name;
    }
    return std::nullopt;
}

Result<Offer *> OfferTable::require(const QString &agent, const QString &offer)
{
    const auto found = m_offers.find(offer);
    if (found != m_offers.end() && found->agent == agent)
        return &*found;
    return fail(ErrorCode::InvalidState,
                u"offer \"%1\" is not yours: it is over, or was taken back"_s.arg(offer.left(80)));
}

/// The agent is free; the job waits again unless it stopped waiting.
void OfferTable::end(const Offer &offer)
{
    const Offer ended = offer; // it may be the one that goes
    m_offers.remove(ended.id);
    m_offerOf.remove(ended.job);
    Agent &agent = m_agents[ended.agent];
    agent.offer.clear();
    if (agent.isHere)
        makeIdle(ended.agent, agent);
    else
        m_agents.remove(ended.agent);
    if (m_jobs.contains(ended.job))
        putInLine(ended.job);
}

} // namespace core
