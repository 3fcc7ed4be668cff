#pragma once
#include "core/base/principal.h"
#include "core/jobs/jobtypes.h"

#include <QStringList>

namespace core {

/// Shown as "w3".
struct WorkflowId {
    qint64 value = 0;
    friend bool operator==(WorkflowId, WorkflowId) = default;
    friend auto operator<=>(WorkflowId, WorkflowId) = default;
    friend size_t qHash(WorkflowId id, size_t seed = 0) noexcept { return ::qHash(id.value, seed); }
    [[nodiscard]] QString toString() const { return u'w' + QString::number(value); }
    /// nullopt for what toString() does not write.
    [[nodiscard]] static std::optional<WorkflowId> fromText(QStringView text);
};

/// Which step a job does: "w3/fetch" in JobSnapshot::workflow. It is stored with the job, so that a
/// step finds its job again whatever the workflow's own row says.
struct WorkflowLink {
    WorkflowId workflow;
    QString step;
    [[nodiscard]] QString toString() const { return workflow.toString() + u'/' + step; }
    /// nullopt for a job of no workflow.
    [[nodiscard]] static std::optional<WorkflowLink> fromText(QStringView text);
};

/// One step: the work of one job, and how far it is.
struct WorkflowStep {
    QString name;
    /// One of PROTOCOL.md's for a workflow; any other is work for an agent.
    QString kind;
    /// Steps that must have succeeded before.
    QStringList needs;
    /// What is asked for, as the text of a compact JSON object. Its strings may name outputs of steps.
    QByteArray spec;
    /// The drives that a flash was asked for, see pinneddrivesjson.h; empty: any other kind.
    QByteArray drives;

    /// 0: not made yet, or removed since.
    JobId job;
    /// Its command may have been started: this is on disk before there is a job.
    bool isBegun = false;
    /// Jobs up to this one did it in vain and are not asked again.
    JobId earlier;
    JobState state = JobState::Queued;
    /// 0 to 1.
    double progress = 0;
    /// Of the whole work of the step; -1: unknown.
    qint64 bytes = -1;
    QString message;
    std::optional<Error> error;
    /// What later steps may name, as the text of a JSON object; empty until it has succeeded.
    QByteArray outputs;
    friend bool operator==(const WorkflowStep &, const WorkflowStep &) = default;
};

/// What was asked of a workflow last.
enum class WorkflowWish { Run, Pause, Cancel };

[[nodiscard]] QLatin1StringView workflowWishName(WorkflowWish wish);
[[nodiscard]] std::optional<WorkflowWish> workflowWishFromName(QStringView name);

/// Named steps, each one job, and how far the whole is. Times are wall-clock milliseconds since 1970.
struct Workflow {
    WorkflowId id;
    QString title;
    /// Who added it: its jobs are made with these rights, also after a restart.
    Principal asker;
    QList<WorkflowStep> steps;
    WorkflowWish wish = WorkflowWish::Run;

    JobState state = JobState::Queued;
    /// 0 to 1, weighted by bytes where they are known; never goes back within an attempt.
    double progress = 0;
    /// Which of the steps it is busy with, or ended with.
    qsizetype stage = 0;
    QString message;
    int attempt = 1;
    qint64 createdAt = 0;
    /// 0: has not ended.
    qint64 finishedAt = 0;
    qint64 rev = 0;

    [[nodiscard]] const QString &owner() const { return asker.owner; }
    /// -1: there is none of that name.
    [[nodiscard]] qsizetype indexOf(QStringView step) const;
    friend bool operator==(const Workflow &, const Workflow &) = default;
};

/// Whether nothing but progress, bytes and message differ, which the next change says again.
[[nodiscard]] bool movesOnlyProgress(const Workflow &before, const Workflow &after);

struct WorkflowAdded {
    Workflow workflow;
};
struct WorkflowChanged {
    Workflow before;
    Workflow workflow;
};
struct WorkflowRemoved {
    WorkflowId id;
    QString owner;
};
using WorkflowEvent = std::variant<WorkflowAdded, WorkflowChanged, WorkflowRemoved>;
using WorkflowEvents = QList<WorkflowEvent>;

} // namespace core
Q_DECLARE_METATYPE(core::WorkflowEvents)
