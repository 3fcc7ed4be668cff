#pragma once
#include "core/externaljobs.h"
#include "server/dialects/socketio/aifeed.h"
#include "server/dialects/socketio/aimessage.h"
#include "server/dialects/socketio/aiwords.h"

namespace server {

/// AI work of programs, both ways (PROTOCOL.md §3.5):
///
///   ai_progress ─► ExternalJobs: a job like any other ─► relayed as it was sent
///   a job that was reported otherwise, with a type ────► told in the same words
///
/// Who cancels such a job in the window is told as an error `canceled`.
///
/// Threads: the hub thread.
class AiReports final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AiReports)
public:
    using Answer = core::ExternalJobs::Answer;

    AiReports(core::ExternalJobs &jobs,
              core::JobRegistry &registry,
              AiFeed &feed,
              const core::Clock &clock);
    ~AiReports() override;

    /// Scope report. Fails as ExternalJobs::report() does, with `RateLimited` also for too many messages
    /// that differ in more than numbers; what fails is not relayed.
    void take(const core::Principal &who, const AiMessage &message, const Answer &answer);

private:
    /// What was told of a job last.
    struct Told {
        /// Of a message that was relayed; empty: the job was told by its events.
        QJsonObject words;
        std::optional<AiWords> event;
    };

    [[nodiscard]] const core::JobSnapshot *find(const core::Principal &who, const QString &task);
    [[nodiscard]] bool movesOnlyNumbers(const core::JobSnapshot *job,
                                        const core::JobReport &report,
                                        const AiMessage &message) const;
    [[nodiscard]] core::Result<void> spend(const core::Principal &who);
    void relay(const core::JobSnapshot &job, const AiMessage &message, Conversations::Kind kind);
    void onEvents(const core::JobEvents &events);
    void onMoved(const core::JobSnapshot *before, const core::JobSnapshot &job);
    void tell(const core::JobSnapshot &job, const AiWords &words, Conversations::Kind kind);

    core::ExternalJobs &m_jobs;
    AiFeed &m_feed;
    const core::Clock &m_clock;
    QHash<core::JobId, Told> m_told;
    std::map<std::pair<QString, QString>, core::ReportBudget> m_budgets; // by owner and name
    bool m_isRelaying = false;
};

/// What a message says of the job that is `before`, or of one that there is not yet (nullptr).
[[nodiscard]] core::JobReport jobReportFrom(const AiMessage &message,
                                            const core::JobSnapshot *before);

} // namespace server
