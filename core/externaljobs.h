#pragma once
#include "core/base/clock.h"
#include "core/base/principal.h"
#include "core/base/reportbudget.h"
#include "core/jobadmission.h"
#include "core/jobreport.h"
#include "core/jobs/ratemeter.h"

#include <QTimer>

#include <map>

namespace core {

/// The work of other programs as jobs of kind external. Nothing here does it, so such a job takes no
/// place in the queue; it is what its program reports, and can only be canceled and removed.
///
///   report ─┬─ unknown id ─► JobAdmission ─► answered when it is committed to disk
///           └─ known ─► JobRegistry::report: changes at once, numbers with the next sample
///   60 s without one ─► stage stale, until the next
///
/// The work of agents, which are jobs of that kind too, is not looked at here.
///
/// A program may name its jobs itself; `JobSnapshot::source` keeps that name, unique per owner.
///
/// Threads: lives on the hub thread; no call waits.
class ExternalJobs final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ExternalJobs)
public:
    /// How long a job that has not ended is believed without a word.
    static constexpr Milliseconds StaleAfter = std::chrono::seconds(60);
    using Answer = JobAdmission::Answer;

    ExternalJobs(const Clock &clock, JobRegistry &registry, JobAdmission &admission);
    ~ExternalJobs() override;

    /// Scope report. Makes the job when none of the owner has that id. Fails with `InvalidArgument` for
    /// what checkReport() refuses and for a new job without a title, `InvalidState` when the job is
    /// ours to do or somebody canceled it, `RateLimited` when the principal makes too many changes.
    void report(const Principal &who, const JobReport &report, const Answer &answer);

    /// The same for a job that there is not yet: its id is the program's own, also where it is the number of
    /// another job.
    void add(const Principal &who, const JobReport &report, const Answer &answer);

    /// Whether report() with that id would be about a job that is there.
    [[nodiscard]] bool knows(const Principal &who, const QString &id) { return find(who, id); }
    /// The job that `who` means by `id`; nullptr when there is none that it may see. Valid until the next
    /// call that changes the registry.
    [[nodiscard]] const JobSnapshot *find(const Principal &who, const QString &id);

    /// Looks at the clock for every job. Called by a timer of its own; tests call it too.
    void markStale();

    [[nodiscard]] static Error whyOnlyCanceled(JobId id);

private:
    using OwnId = std::pair<QString, QString>; // owner, the program's id
    /// What is known of a job that has not ended, while its program is heard.
    struct Pulse {
        Milliseconds heardAt{0};
        /// What goes on after a silence.
        Stage stage = Stage::None;
        RateMeter rate;
        Milliseconds measuredAt{-1000};
    };

    [[nodiscard]] static Result<void> checkReporter(const Principal &who, const JobReport &report);
    void index();
    [[nodiscard]] Result<void> spend(const Principal &who);
    void create(const Principal &who, const JobReport &report, const Answer &answer);
    [[nodiscard]] Result<void>
    update(const Principal &who, const JobReport &report, const JobSnapshot &job);
    void become(const JobSnapshot &job, const JobSnapshot &next);
    void measure(JobSnapshot &job, const JobReport &report);
    void onEvents(const JobEvents &events);
    void forget(JobId id);
    void setTimer();

    const Clock &m_clock;
    JobRegistry &m_registry;
    JobAdmission &m_admission;
    bool m_isIndexed = false;
    QHash<OwnId, JobId> m_byOwnId;
    QHash<JobId, OwnId> m_ownIds;
    QHash<JobId, Pulse> m_pulses;
    std::map<OwnId, ReportBudget> m_budgets; // by owner and name of the principal
    QTimer m_timer; // until the next job is stale
};

} // namespace core
