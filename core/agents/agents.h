#pragma once
#include "core/agents/agentboard.h"
#include "core/agents/agentjob.h"
#include "core/agents/agentlink.h"
#include "core/base/reportbudget.h"
#include "core/jobs/ratemeter.h"

namespace core {

class JobStore;

/// Programs that do jobs of kinds that Dray cannot (AgentWork). Each registers over a connection of its
/// own, says what it can, and is offered one job at a time:
///
///   job queued ─► offered ─► accepted: running ─► completed: succeeded
///        ▲           │              │ progress renews the lease
///        └───────────┴── declined, not answered in time, lease over, failed and worth a retry
///
/// A job is never with two agents: it is offered again only when the offer before is over, and what an
/// agent says of an offer that is over is refused. A connection that ends leaves accepted work with its
/// agent until the lease runs out; so does a restart of the program.
///
/// Threads: lives on the hub thread; no call waits.
class Agents final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Agents)
public:
    static constexpr Milliseconds DefaultLease = std::chrono::seconds(30);
    static constexpr Milliseconds ShortestLease = std::chrono::seconds(1);
    static constexpr Milliseconds LongestLease = std::chrono::minutes(10);
    /// So often work may fail and be worth a retry before it has failed.
    static constexpr int MostTries = 3;

    struct Card {
        QString name;
        QStringList capabilities;
        Milliseconds lease = DefaultLease;
    };
    /// Of work that cannot be done, or could not be done this time.
    struct Failure {
        QString message;
        enum class Worth { Nothing, Retry } worth = Worth::Nothing;
    };

    Agents(const Clock &clock, JobRegistry &registry, JobStore &store, QObject *parent = nullptr);
    ~Agents() override;

    /// Takes up the work of an earlier run; call once, when the registry's jobs are there.
    void takeUp();

    /// Scope report. The agent is here; a connection it had before is not its any more. Answers the work
    /// that it still holds. `link` must leave() before it ends. Fails with `InvalidArgument` for a name
    /// or capability that is none, `Forbidden` when another owner's agent has the name, `InvalidState`
    /// when the link is another agent's.
    [[nodiscard]] Result<std::optional<WorkOffer>>
    join(const Principal &who, const Card &card, AgentLink &link);
    /// The connection is gone. Does nothing when it is no agent's.
    void leave(AgentLink &link);
    /// Whether the connection is an agent's, whose words are counted here.
    [[nodiscard]] bool isAgent(AgentLink &link) const { return m_lines.contains(&link); }

    /// Each fails with `InvalidState` unless that agent has that offer, `RateLimited` when it makes more
    /// than 50 changes a second. All but accept need one that was accepted; accepting again renews it.
    [[nodiscard]] Result<void> accept(AgentLink &link, const QString &offer);
    [[nodiscard]] Result<void>
    progress(AgentLink &link, const QString &offer, const AgentProgress &progress);
    /// `outputs` is the compact text of a JSON object. Answers whose end it was, see whenCommitted().
    [[nodiscard]] Result<JobId>
    complete(AgentLink &link, const QString &offer, const QByteArray &outputs);
    /// Before it is accepted, failing with a retry declines: others are asked.
    [[nodiscard]] Result<JobId> fail(AgentLink &link, const QString &offer, const Failure &failure);
    /// Calls `done` when how the job is stands on disk. Who was told so need not say it again, whatever
    /// happens to this program; who was not is given the work once more after a restart.
    void whenCommitted(JobId job, std::function<void(const Result<void> &)> done);

    [[nodiscard]] AgentBoard &board() { return m_board; }
    [[nodiscard]] const AgentBoard &board() const { return m_board; }

    /// Looks at the clock, then offers what can be offered. Called by timers of its own; tests call it.
    void run();

private:
    struct Line {
        QString name;
        ReportBudget budget;
    };

    void onEvents(const JobEvents &events);
    void consider(const JobSnapshot &job);
    void takeBack(JobId job);
    void dropUnanswered(const QString &agent);
    void expire();
    void offerAgain(JobId job, const QString &why);
    [[nodiscard]] Result<QString> spend(AgentLink &link);
    [[nodiscard]] Result<Offer> renew(AgentLink &link, const QString &offer);
    [[nodiscard]] Result<Offer> close(AgentLink &link, const QString &offer);
    [[nodiscard]] std::optional<WorkOffer> workOf(const Offer &offer) const;
    void setTimer();

    const Clock &m_clock;
    JobRegistry &m_registry;
    JobStore &m_store;
    AgentBoard m_board;
    OfferTable m_table;
    QHash<AgentLink *, Line> m_lines;
    QHash<QString, AgentLink *> m_links; // by name
    QHash<QString, Milliseconds> m_leases; // by name, of those that are here
    QHash<JobId, RateMeter> m_rates; // of accepted work
    QHash<JobId, int> m_tries;
    QTimer m_timer; // until the next lease runs out
    QTimer m_wake; // one run() per event-loop turn
};

} // namespace core
