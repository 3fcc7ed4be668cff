#pragma once
#include "core/base/clock.h"
#include "core/base/principal.h"
#include "core/jobs/jobtypes.h"

#include <QHash>

#include <functional>
#include <map>
#include <set>

namespace core {

/// Work that one agent was offered, and holds once it accepted.
struct Offer {
    QString id;
    JobId job;
    QString agent;
    bool isAccepted = false;
    /// When it is taken back unless the agent answers, or renews its lease; monotonic.
    Milliseconds expiresAt{0};
    /// Its agent came back and has not said a word about it since.
    bool isTakenUp = false;
    friend bool operator==(const Offer &, const Offer &) = default;
};

/// Which agent has which work, and until when. A job has one offer at most, and so has an agent.
///
///   waiting ─ match ─► offered ─ accept ─► accepted ─ close ─► ended
///      ▲                  │                   │  ▲ renew
///      └── expired, declined, taken back ─────┘
///
/// Of the agents that can do a job, the one that has been free longest gets it; jobs go by their
/// position. Whoever lets an offer expire unanswered rests; whoever declines a job is not offered it
/// again for as long. Pure: the caller gives the time, which is monotonic.
class OfferTable
{
public:
    static constexpr Milliseconds AnswerTime = std::chrono::seconds(10);
    static constexpr Milliseconds Rest = std::chrono::seconds(30);

    struct Seat {
        Principal who;
        QStringList capabilities;
        Milliseconds lease{0};
    };
    struct Waiting {
        QString kind;
        QString owner;
        qint64 position = 0;
    };
    using MakeId = std::function<QString(JobId)>;

    /// The agent is here, with these. It keeps the offer it has.
    void seat(const QString &name, const Seat &seat);
    /// It is not here: it gets no further offer, and is forgotten when it has none.
    void leave(const QString &name);
    /// Whose agent it is, while it is here or has an offer.
    [[nodiscard]] std::optional<QString> ownerOf(const QString &name) const;
    [[nodiscard]] const Offer *offerOf(const QString &agent) const;

    /// The job waits for an agent, or is somewhere else in the queue.
    void wait(JobId job, const Waiting &waiting);
    /// It does not wait any more; what it was offered stays.
    void stopWaiting(JobId job);
    /// The job does not need an agent: takes its offer back, if it has one.
    [[nodiscard]] std::optional<Offer> takeBack(JobId job);

    /// Offers whatever can be offered.
    [[nodiscard]] QList<Offer> match(Milliseconds now, const MakeId &makeId);
    /// An offer of an earlier run, accepted; the agent comes back or its lease runs out.
    void restore(const Offer &offer, const QString &owner);

    /// Each fails with `InvalidState` unless `agent` has that offer. Accepting once more renews.
    [[nodiscard]] Result<Offer>
    accept(const QString &agent, const QString &offer, Milliseconds now);
    /// Only of what is accepted.
    [[nodiscard]] Result<Offer> renew(const QString &agent, const QString &offer, Milliseconds now);
    /// Its agent is back: the lease begins anew, but only once until a word about the offer comes, so
    /// that who dies of it each time does not keep it.
    void takeUp(const QString &agent, Milliseconds now);
    /// The offer is over.
    [[nodiscard]] Result<Offer> close(const QString &agent, const QString &offer);
    /// The job goes to others first.
    void decline(JobId job, const QString &agent, Milliseconds now);

    /// Removes what is over by time. Who did not answer rests.
    [[nodiscard]] QList<Offer> expire(Milliseconds now);
    /// When expire() or match() has something to do that it has not at `now`.
    [[nodiscard]] std::optional<Milliseconds> nextTurn(Milliseconds now) const;

private:
    struct Agent {
        Seat seat;
        bool isHere = false;
        quint64 freeSince = 0; // a counter: who became free earlier has the lower number
        Milliseconds restsUntil{0};
        QString offer;
    };
    struct Kind {
        std::set<std::pair<quint64, QString>> idle; // by freeSince
        std::map<qint64, JobId> waiting; // by position
    };

    void makeIdle(const QString &name, Agent &agent);
    void makeBusy(const QString &name, const Agent &agent);
    void forgetUnused(const QString &kind);
    void putInLine(JobId job);
    void takeOutOfLine(JobId job);
    [[nodiscard]] std::optional<QString> agentFor(JobId job, Milliseconds now) const;
    Offer give(JobId job, const QString &agent, const QString &id, Milliseconds now);
    /// The next job by position behind `after` of a kind that has idle agents.
    [[nodiscard]] std::optional<JobId> nextInLine(qint64 after) const;
    [[nodiscard]] Result<Offer *> require(const QString &agent, const QString &offer);
    void end(const Offer &offer);

    QHash<QString, Agent> m_agents;
    QHash<QString, Offer> m_offers; // by id
    QHash<JobId, QString> m_offerOf;
    QHash<JobId, Waiting> m_jobs; // that wait, or are offered
    QHash<JobId, QHash<QString, Milliseconds>> m_declined; // until when
    std::map<QString, Kind> m_kinds;
    quint64 m_lastFree = 0;
};

} // namespace core
