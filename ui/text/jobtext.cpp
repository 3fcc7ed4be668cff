#include "ui/text/jobtext.h"

#include "core/jobs/percentage.h"
#include "ui/text/formatting.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QUrl>

namespace ui {
namespace {

using namespace Qt::StringLiterals;
using core::JobKind;
using core::JobState;
using core::Stage;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(JobText)
};

/// Whether the worker said that nothing was read back.
bool isUnverified(const core::JobSnapshot &job)
{
    return job.kind == JobKind::Flash && job.details.message == u"not verified";
}

/// "45 % of 1.5 GiB", or how much is here while the total is unknown.
QString amountText(const core::JobSnapshot &job)
{
    const core::Progress &progress = job.progress;
    if (progress.total < 0)
        return formatBytes(progress.done);
    // A flash's total counts what is read back too: no size anybody knows.
    if (job.kind == JobKind::Flash || core::isPercentage(job))
        return formatPercent(job);
    return Text::tr("%1 of %2").arg(formatPercent(job), formatBytes(progress.total));
}

QString runningSentence(const core::JobSnapshot &job)
{
    if (job.stopRequested)
        return job.kind == JobKind::Flash || job.kind == JobKind::External
            ? Text::tr("Stopping.")
            : Text::tr("Stopping: %1 are kept.").arg(formatBytes(job.progress.done));
    const bool hasAmount = job.progress.done > 0 || job.progress.total > 0;
    QString text =
        hasAmount ? u"%1 %2"_s.arg(activityText(job), amountText(job)) : activityText(job);
    if (job.progress.bytesPerSecond > 0)
        text = Text::tr("%1 at %2").arg(text, formatRate(job.progress.bytesPerSecond));
    if (job.progress.etaSeconds >= 0)
        text = Text::tr("%1, %2 left").arg(text, formatDuration(job.progress.etaSeconds));
    return text + u'.';
}

/// Words for what yt-dlp does, where they differ from a download's; "" elsewhere.
QString mediaStageText(Stage stage)
{
    if (stage == Stage::Resolving)
        return Text::tr("Looking at the page");
    return stage == Stage::Writing ? Text::tr("Putting together") : QString();
}

QString flashedSentence(const core::JobSnapshot &job)
{
    if (isUnverified(job))
        return Text::tr("Written, but not read back: nobody knows whether the drives hold it.");
    const QString &remark = job.details.message;
    return remark.isEmpty() ? Text::tr("Written, read back and compared.")
                            : Text::tr("Written, read back and compared; %1.").arg(remark);
}

QString doneSentence(const core::JobSnapshot &job)
{
    if (job.kind == JobKind::Flash)
        return flashedSentence(job);
    if (job.progress.done == 0)
        return job.details.message.isEmpty() ? Text::tr("Done.")
                                             : Text::tr("Done: %1.").arg(job.details.message);
    if (core::isPercentage(job))
        return Text::tr("Done.");
    const QString bytes = formatBytes(job.progress.done);
    return job.details.sha256.isEmpty()
        ? Text::tr("Done: %1.").arg(bytes)
        : Text::tr("Done: %1, every byte accounted for.").arg(bytes);
}

QString pausedSentence(const core::JobSnapshot &job)
{
    if (job.kind == JobKind::External && job.progress.done > 0) // where it is kept is its program's
        return Text::tr("Paused after %1.").arg(amountText(job));
    return job.progress.done > 0 ? Text::tr("Paused with %1 kept on disk.").arg(amountText(job))
                                 : Text::tr("Paused.");
}

QString failedSentence(const core::JobSnapshot &job)
{
    if (job.kind == JobKind::Flash)
        return Text::tr("Failed.");
    const QString done =
        core::isPercentage(job) ? formatPercent(job) : formatBytes(job.progress.done);
    return job.progress.done > 0 ? Text::tr("Failed after %1.").arg(done) : Text::tr("Failed.");
}

} // namespace

QString jobName(const core::JobSnapshot &job)
{
    if (!job.details.title.isEmpty())
        return job.details.title;
    if (!job.details.target.isEmpty())
        return QFileInfo(job.details.target).fileName();
    const QString name = QUrl(job.source).fileName(QUrl::FullyDecoded);
    return name.isEmpty() ? job.source : name;
}

QString kindText(JobKind kind)
{
    switch (kind) {
    case JobKind::Download:
        return Text::tr("Download");
    case JobKind::Media:
        return Text::tr("Video or sound");
    case JobKind::Flash:
        return Text::tr("Writing a USB drive");
    case JobKind::Verify:
        return Text::tr("Check");
    case JobKind::Extract:
        return Text::tr("Unpacking");
    case JobKind::Read:
        return Text::tr("Reading a USB drive");
    case JobKind::Compare:
        return Text::tr("Comparison");
    case JobKind::Format:
        return Text::tr("Formatting a USB drive");
    case JobKind::Command:
        return Text::tr("Command");
    case JobKind::External:
        return Text::tr("Work of another program");
    }
    return {};
}

QString stepsText(const core::JobSnapshot &job)
{
    QStringList steps;
    for (const core::JobStep &step : job.details.steps)
        steps.append(u"%1: %2"_s.arg(step.title, stateText(step.state)));
    return steps.join(u" \u00b7 "_s);
}

QString stateText(JobState state)
{
    switch (state) {
    case JobState::Queued:
        return Text::tr("Waiting");
    case JobState::Running:
        return Text::tr("Running");
    case JobState::Paused:
        return Text::tr("Paused");
    case JobState::Succeeded:
        return Text::tr("Done");
    case JobState::Failed:
        return Text::tr("Failed");
    case JobState::Canceled:
        return Text::tr("Canceled");
    }
    return {};
}

QString stageText(Stage stage)
{
    switch (stage) {
    case Stage::None:
        return {};
    case Stage::Resolving:
        return Text::tr("Connecting");
    case Stage::Transferring:
        return Text::tr("Downloading");
    case Stage::Decoding:
        return Text::tr("Decoding");
    case Stage::Writing:
        return Text::tr("Writing");
    case Stage::Flushing:
        return Text::tr("Finishing writes");
    case Stage::Verifying:
        return Text::tr("Verifying");
    case Stage::Hashing:
        return Text::tr("Checking");
    case Stage::Moving:
        return Text::tr("Moving into place");
    case Stage::Extracting:
        return Text::tr("Unpacking");
    case Stage::AwaitingConfirmation:
        return Text::tr("Needs your yes");
    case Stage::WaitingForRetry:
        return Text::tr("Retrying soon");
    case Stage::Stale:
        return Text::tr("No sign of life");
    }
    return {};
}

QString activityText(const core::JobSnapshot &job)
{
    if (job.stopRequested)
        return Text::tr("Stopping");
    if (job.state == JobState::Succeeded && isUnverified(job))
        return Text::tr("Unverified");
    if (job.progress.stage == Stage::AwaitingConfirmation && job.state == JobState::Queued)
        return stageText(job.progress.stage);
    if (job.state != JobState::Running || job.progress.stage == Stage::None)
        return stateText(job.state);
    if (job.kind == JobKind::Read && job.progress.stage == Stage::Transferring)
        return Text::tr("Reading");
    const QString media =
        job.kind == JobKind::Media ? mediaStageText(job.progress.stage) : QString();
    return media.isEmpty() ? stageText(job.progress.stage) : media;
}

QString driveStateText(const core::JobSnapshot &job, const core::JobDrive &drive)
{
    if (drive.state == JobState::Running && job.details.drives.size() == 1)
        return activityText(job);
    if (drive.state != JobState::Succeeded || job.kind != JobKind::Flash)
        return stateText(drive.state);
    return isUnverified(job) ? Text::tr("Unverified") : Text::tr("Verified");
}

QString progressSentence(const core::JobSnapshot &job)
{
    switch (job.state) {
    case JobState::Queued:
        if (job.progress.stage == Stage::AwaitingConfirmation)
            return Text::tr("Waits for your yes: open it to see what it erases.");
        return job.startAt > 0 ? Text::tr("Starts at %1.").arg(formatTime(job.startAt))
                               : Text::tr("Waiting for its turn.");
    case JobState::Running:
        return runningSentence(job);
    case JobState::Paused:
        return pausedSentence(job);
    case JobState::Succeeded:
        return doneSentence(job);
    case JobState::Failed:
        return failedSentence(job);
    case JobState::Canceled:
        if (job.kind != JobKind::Flash)
            return Text::tr("Canceled; nothing was kept.");
        return job.progress.done > 0 ? Text::tr("Canceled; the drives were left blank.")
                                     : Text::tr("Canceled before anything was written.");
    }
    return {};
}

} // namespace ui
