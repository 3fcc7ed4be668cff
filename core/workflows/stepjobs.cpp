#include "core/workflows/stepjobs.h"

#include "core/agents/agentworkjson.h"
#include "core/confinement.h"
#include "core/drives/bootid.h"
#include "core/jobservice.h"
#include "core/stepworkjson.h"
#include "core/storedspecjson.h"
#include "core/targetrules.h"
#include "core/workflows/pinneddrivesjson.h"
#include "core/workflows/stepspecjson.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

Result<JobSnapshot>
verifyJob(const Principal &asker, const QByteArray &spec, const TargetRules &rules)
{
    const auto verify = decodeVerifySpec(spec);
    if (!verify)
        return fail(verify.error());
    if (const auto checked = checkReadable(asker, verify->file, rules); !checked)
        return fail(checked.error());
    return JobSnapshot{.details = {.title = QFileInfo(verify->file).fileName()},
                       .source = verify->file,
                       .spec = confinedSpec(asker, encodeSpec(*verify), rules)};
}

Result<JobSnapshot>
extractJob(const Principal &asker, const QByteArray &spec, const TargetRules &rules)
{
    const auto extract = decodeExtractSpec(spec);
    if (!extract)
        return fail(extract.error());
    if (const auto checked = checkReadable(asker, extract->archive, rules); !checked)
        return fail(checked.error());
    if (!asker.has(Scope::Admin) && !rules.isInFolders(extract->to))
        return fail(ErrorCode::Forbidden,
                    u"the folder %1 is outside the download folder"_s.arg(extract->to));
    return JobSnapshot{.details = {.title = QFileInfo(extract->archive).fileName()},
                       .source = extract->archive,
                       .spec = confinedSpec(asker, encodeSpec(*extract), rules)};
}

Result<JobSnapshot> commandJob(const Principal &asker, const QByteArray &spec)
{
    if (!asker.has(Scope::Admin))
        return fail(
            ErrorCode::Forbidden,
            u"\"%1\" lacks the scope admin, which a program to start needs"_s.arg(asker.name));
    const auto command = decodeCommandStep(spec);
    if (!command)
        return fail(command.error());
    return JobSnapshot{.details = {.title = command->arguments.join(u' ').left(200)},
                       .source = command->arguments.constFirst(),
                       .spec = encodeSpec(*command)};
}

OutputOf outputsIn(const Workflow &workflow)
{
    return [&workflow](const Placeholder &named) {
        return outputValue(workflow.steps[workflow.indexOf(named.step)].outputs, named);
    };
}

/// What stands for outputs that there are not yet. Those of programs may be anything.
OutputOf samplesIn(const QString &folder)
{
    return [folder](const Placeholder &named) -> Result<QString> {
        if (named.output == "file"_L1)
            return QDir(folder).filePath(u"file"_s);
        if (named.output == "sha256"_L1)
            return QString(64, u'0');
        return fail(ErrorCode::NotFound, named.output);
    };
}

} // namespace

StepJobs::StepJobs(Surroundings surroundings)
    : m_surroundings(std::move(surroundings))
{ }

Result<void> StepJobs::check(const Principal &asker, WorkflowStep &step) const
{
    if (step.kind == jobKindName(JobKind::Command) && !asker.has(Scope::Admin))
        return fail(commandJob(asker, {}).error());
    const auto sample = filledSpec(step, samplesIn(m_surroundings.service.downloadFolder()));
    const bool isFlash = step.kind == jobKindName(JobKind::Flash);
    if (!sample && sample.error().code == ErrorCode::NotFound && isFlash)
        return fail(ErrorCode::InvalidArgument,
                    u"of other steps a flash takes file and sha256 alone"_s);
    if (!sample && sample.error().code == ErrorCode::NotFound)
        return {};
    if (!sample)
        return fail(sample.error());
    return isFlash ? pinDrives(asker, step, *sample)
                   : jobFor(asker, step, *sample).map([](const JobSnapshot &) {});
}

Result<void>
StepJobs::pinDrives(const Principal &asker, WorkflowStep &step, const QByteArray &spec) const
{
    const auto drives = decodeFlashSpec(spec).and_then(
        [&](const FlashSpec &flash) { return m_surroundings.flashes.namedDrives(asker, flash); });
    if (!drives)
        return fail(drives.error());
    step.drives = encodePinned({bootId(), *drives});
    return {};
}

void StepJobs::make(const Workflow &workflow,
                    const WorkflowStep &step,
                    const std::function<bool()> &isStillWanted,
                    const Made &made)
{
    const auto spec = filledSpec(step, outputsIn(workflow));
    if (!spec)
        return made(fail(spec.error()));
    if (step.kind == jobKindName(JobKind::Flash)) {
        const auto flash = decodeFlashSpec(*spec);
        if (!flash)
            return made(fail(flash.error()));
        return makeFlash(workflow.asker, step,
                         {.spec = *flash,
                          .workflow = WorkflowLink{workflow.id, step.name}.toString(),
                          .isStillWanted = isStillWanted},
                         made);
    }
    auto job = jobFor(workflow.asker, step, *spec);
    if (!job)
        return made(fail(job.error()));
    job->owner = workflow.owner();
    job->workflow = WorkflowLink{workflow.id, step.name}.toString();
    m_surroundings.registry.add(*std::move(job));
    made({});
}

/// A yes that came with the workflow counts once, for the drives as they were then, in the same run of the
/// kernel. Else the local user is asked.
void StepJobs::makeFlash(const Principal &asker,
                         const WorkflowStep &step,
                         FlashService::Request request,
                         const Made &made)
{
    const PinnedDrives pinned = decodePinned(step.drives);
    const auto isKnown = [](const DriveIdentity &drive) { return drive.diskseq != 0; };
    const bool isSameRun = !pinned.boot.isEmpty() && pinned.boot == bootId()
        && !pinned.drives.isEmpty() && std::ranges::all_of(pinned.drives, isKnown);
    if (isSameRun)
        request.pinned = pinned.drives;
    const auto tell = [made](const auto &result) { made(result.map([](const auto &) {})); };
    const bool isAgreed = asker.has(Scope::Flash) && !request.spec.erase.isEmpty() && isSameRun
        && step.earlier.value == 0;
    if (isAgreed)
        m_surroundings.flashes.add(asker, std::move(request), tell);
    else
        m_surroundings.flashes.prepare(asker, std::move(request), tell);
}

Result<void> StepJobs::resume(JobId id)
{
    return runAgain(m_surroundings.registry, id, &JobRegistry::resume, m_surroundings.feedAgain);
}

Result<void> StepJobs::retry(JobId id)
{
    return runAgain(m_surroundings.registry, id, &JobRegistry::retry, m_surroundings.feedAgain);
}

void StepJobs::remove(const Principal &who, JobId id, const Made &removed)
{
    m_surroundings.service.remove(who, id, RemoveFiles::No, removed);
}

Result<JobSnapshot>
StepJobs::jobFor(const Principal &asker, const WorkflowStep &step, const QByteArray &spec) const
{
    if (step.kind == jobKindName(JobKind::Download))
        return decodeDownloadSpec(spec).and_then(
            [&](const DownloadSpec &download) { return fetchFor(asker, download, spec); });
    if (step.kind == jobKindName(JobKind::Media))
        return mediaFor(asker, spec);
    for (const JobKind kind : {JobKind::Verify, JobKind::Extract, JobKind::Command})
        if (step.kind == jobKindName(kind))
            return fileWorkFor(asker, kind, spec);
    return reportedFor(asker, step, spec);
}

Result<JobSnapshot>
StepJobs::fetchFor(const Principal &asker, DownloadSpec download, const QByteArray &spec) const
{
    if (!download.after.isEmpty())
        return fail(ErrorCode::InvalidArgument, u"after: in a workflow, make it a step"_s);
    const auto times = stepTimesFrom(spec);
    if (!times)
        return fail(times.error());
    return m_surroundings.service.downloadFor(asker, std::move(download))
        .map([&times](JobSnapshot job) {
            job.startAt = times->startAt;
            job.stopAt = times->stopAt;
            return job;
        });
}

Result<JobSnapshot> StepJobs::mediaFor(const Principal &asker, const QByteArray &spec) const
{
    auto media = decodeMediaSpec(spec);
    if (!media)
        return fail(media.error());
    media->page.isMetalink = false; // yt-dlp reads what is there
    auto job = fetchFor(asker, media->page, spec);
    if (!job)
        return job;
    const auto page = decodeDownloadSpec(job->spec);
    if (!page)
        return fail(page.error());
    job->kind = JobKind::Media;
    job->spec = encodeSpec(MediaSpec{*page, media->choice});
    return job;
}

Result<JobSnapshot>
StepJobs::fileWorkFor(const Principal &asker, JobKind kind, const QByteArray &spec) const
{
    const TargetRules rules = m_surroundings.service.targetRules();
    auto job = kind == JobKind::Verify ? verifyJob(asker, spec, rules)
        : kind == JobKind::Extract     ? extractJob(asker, spec, rules)
                                       : commandJob(asker, spec);
    return std::move(job).map([kind](JobSnapshot made) {
        made.kind = kind;
        return made;
    });
}

/// The work of a program that reports it, or of an agent.
Result<JobSnapshot> StepJobs::reportedFor(const Principal &asker,
                                          const WorkflowStep &step,
                                          const QByteArray &spec) const
{
    const auto report = reportStepFrom(step, spec);
    if (!report)
        return fail(report.error());
    JobSnapshot job{.kind = JobKind::External,
                    .details = {.title = report->title.left(JobReport::LongestTitle)}};
    if (step.kind != "report"_L1) {
        job.spec = encodeSpec(AgentWork{.kind = step.kind, .spec = spec, .outputs = {}});
        return job;
    }
    if (const auto checked = checkReport({.job = report->job, .title = report->title}); !checked)
        return fail(checked.error());
    if (const JobSnapshot *open = m_surroundings.service.externalJobs().find(asker, report->job);
        open && !isFinal(open->state))
        return fail(ErrorCode::InvalidState,
                    u"job: \"%1\" is the name of job %2"_s.arg(report->job, open->id.toString()));
    job.source = report->job;
    return job;
}

} // namespace core
