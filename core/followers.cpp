#include "core/followers.h"

#include "core/agents/agentworkjson.h"
#include "core/base/storedurljson.h"
#include "core/download/commandworker.h"
#include "core/download/extractworker.h"
#include "core/download/moveworker.h"
#include "core/download/showworker.h"
#include "core/flashagain.h"
#include "core/storedspecjson.h"

#include <QFileInfo>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// What was to be followed made no file: it was skipped, or is a list whose items are jobs.
class NothingToDo final : public JobWorker
{
public:
    Result<Outcome> run(std::stop_token, ProgressCell &progress) override
    {
        progress.edit(
            [](JobDetails &details) { details.message = u"there was no file to work on"_s; });
        return Outcome::Completed;
    }
};

CommandFacts factsOf(const JobSnapshot &download)
{
    // Not as the job shows it: the command may fetch more from there.
    const QString link =
        storedUrl(download.spec).toString(QUrl::RemoveUserInfo | QUrl::RemoveFragment);
    return {download.details.target, link.isEmpty() ? download.source : link,
            download.id.toString(), download.details.sha256, download.progress.done};
}

} // namespace

JobId addFollowers(JobRegistry &registry, JobId download, const QList<AfterAction> &after)
{
    const JobSnapshot followed = *registry.find(download);
    QList<JobId> earlier{download};
    if (isFinal(followed.state))
        return download;
    for (const AfterAction &action : after)
        earlier.append(registry.add({
            .kind = action.kind == AfterAction::Kind::Extract ? JobKind::Extract : JobKind::Command,
            .owner = followed.owner,
            .details = {.title = followed.details.title},
            .source = u"job "_s + download.toString(),
            .spec = encodeSpec(action),
            .prerequisites = earlier,
        }));
    return earlier.constLast();
}

void retryFollowers(JobRegistry &registry, JobId id)
{
    for (const JobSnapshot &job : registry.snapshots()) {
        const bool gaveUp = job.state == JobState::Failed && job.error
            && job.error->code == ErrorCode::Prerequisite;
        if (gaveUp && job.prerequisites.contains(id))
            (void)runAgain(registry, job.id, &JobRegistry::retry); // a failed job can be retried
    }
}

Result<std::unique_ptr<JobWorker>>
makeFollower(const JobSnapshot &job, const JobSnapshot *download, const QString &jobKey)
{
    using Kind = AfterAction::Kind;
    const auto action = decodeAfterAction(job.spec);
    if (!action)
        return fail(action.error());
    if (!download || download->details.target.isEmpty())
        return std::make_unique<NothingToDo>();
    const CommandFacts facts = factsOf(*download);
    const QString folder = QFileInfo(facts.path).path();
    // What went before may have changed the file.
    const QString known = job.prerequisites.size() == 1 ? facts.sha256 : QString();
    switch (action->kind) {
    case Kind::Extract:
        return std::make_unique<ExtractWorker>(ExtractSpec{facts.path, folder}, jobKey);
    case Kind::Run:
        return std::make_unique<CommandWorker>(action->command, facts);
    case Kind::Open:
        return std::make_unique<ShowWorker>(facts.path, ShowWorker::How::Open);
    case Kind::Reveal:
        return std::make_unique<ShowWorker>(facts.path, ShowWorker::How::Reveal);
    case Kind::Move:
        return std::make_unique<MoveWorker>(MoveSpec{facts.path, action->folder, known}, jobKey);
    }
    return fail(ErrorCode::Internal, u"an action of no kind"_s);
}

AfterCrash afterCrash(const JobSnapshot &job)
{
    const auto action = decodeAfterAction(job.spec);
    const bool isMove = action && action->kind == AfterAction::Kind::Move;
    return isMove || isAgentWork(job) ? AfterCrash::GoOn : AfterCrash::AsKind;
}

} // namespace core
