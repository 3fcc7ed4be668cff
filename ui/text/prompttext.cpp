#include "ui/text/prompttext.h"

#include "ui/text/formatting.h"
#include "ui/text/jobtext.h"

#include <QCoreApplication>

#include <algorithm>

namespace ui {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(PromptText)
};

/// “name”, or "3 jobs".
QString named(const QList<core::JobSnapshot> &jobs)
{
    if (jobs.size() == 1)
        return Text::tr("“%1”").arg(jobName(jobs.first()));
    return Text::tr("%1 jobs").arg(jobs.size());
}

EndingText singleEnding(const core::JobSnapshot &job)
{
    if (job.state == core::JobState::Failed)
        return {Text::tr("Failed: %1").arg(jobName(job)),
                job.error ? errorText(*job.error) : QString()};
    if (job.kind == core::JobKind::Flash)
        return {Text::tr("Written: %1").arg(jobName(job)), progressSentence(job)};
    if (job.kind == core::JobKind::External)
        return {Text::tr("Finished: %1").arg(jobName(job)), job.details.message};
    return {Text::tr("Finished: %1").arg(jobName(job)), formatBytes(job.progress.done)};
}

} // namespace

QString removeQuestion(const QList<core::JobSnapshot> &jobs)
{
    return Text::tr("Remove %1 from the list?").arg(named(jobs));
}

QString cancelQuestion(const QList<core::JobSnapshot> &jobs)
{
    const auto isFlash = [](const core::JobSnapshot &job) {
        return job.kind == core::JobKind::Flash;
    };
    if (std::ranges::any_of(jobs, isFlash))
        return Text::tr(
                   "Cancel %1? A USB drive that is being written is left blank, and can be used "
                   "after it is written or formatted anew.")
            .arg(named(jobs));
    const auto isExternal = [](const core::JobSnapshot &job) {
        return job.kind == core::JobKind::External;
    };
    if (std::ranges::all_of(jobs, isExternal))
        return Text::tr("Cancel %1? The program that does the work is told so when it reports.")
            .arg(named(jobs));
    qint64 bytes = 0;
    for (const core::JobSnapshot &job : jobs)
        bytes += job.progress.done;
    return Text::tr(
               "Cancel %1? The %2 fetched so far will be deleted. To keep them, pause instead.")
        .arg(named(jobs), formatBytes(bytes));
}

QString limitQuestion(const QList<core::JobSnapshot> &jobs)
{
    const QString how = Text::tr("Per second, such as 500K or 2M; 0 for no limit.");
    if (jobs.isEmpty())
        return Text::tr("How fast may all downloads together be? %1").arg(how);
    if (jobs.size() > 1)
        return Text::tr("How fast may each of the %n downloads be? %1", nullptr, int(jobs.size()))
            .arg(how);
    return Text::tr("How fast may “%1” be? %2").arg(jobName(jobs.first()), how);
}

QString linkQuestion(const core::JobSnapshot &job)
{
    return Text::tr("A new link to “%1”. What is already here is kept if it is the same file.")
        .arg(jobName(job));
}

QString quitQuestion(const Totals &totals)
{
    if (totals.flashing > 0)
        return Text::tr("A USB drive is being written. If Dray quits now, the drive cannot be used "
                        "until it is written again.");
    return Text::tr(
               "%1. What is running stops when Dray quits, keeps what it has, and goes on when "
               "Dray starts again.")
        .arg(countsText(totals));
}

QString commandFailedText(const core::JobSnapshot &job, const core::Error &error)
{
    return Text::tr("“%1”: %2").arg(jobName(job), errorText(error));
}

QString addFailedText(const QString &link, const core::Error &error)
{
    return Text::tr("%1 was not added. %2").arg(link, errorText(error));
}

QString existsQuestion(const QString &link, const core::Error &error)
{
    return Text::tr("What shall be done with %1? %2").arg(link, errorText(error));
}

QString noLinkInText()
{
    return Text::tr("There is no link in what was pasted. Copy a link that begins with https:// or "
                    "http:// and paste again.");
}

QString stillInTrayText()
{
    return Text::tr("Dray goes on in the tray. Use its icon to show the window again or to quit.");
}

QString cannotOpenText(const QString &path)
{
    return Text::tr("“%1” is not there any more. It was moved or deleted outside Dray.").arg(path);
}

QString flashRefusesText(const QList<core::JobSnapshot> &jobs)
{
    const auto isRefused = [](const core::JobSnapshot &job) {
        return job.kind == core::JobKind::Format
            || job.progress.stage == core::Stage::AwaitingConfirmation;
    };
    if (jobs.isEmpty() || !std::ranges::all_of(jobs, isRefused))
        return {};
    return Text::tr("Drives are erased once for a yes: this can only be canceled.");
}

EndingText endingText(const QList<core::JobSnapshot> &jobs)
{
    if (jobs.size() == 1)
        return singleEnding(jobs.first());
    const auto failed = std::count_if(jobs.begin(), jobs.end(), [](const core::JobSnapshot &job) {
        return job.state == core::JobState::Failed;
    });
    const QString title = Text::tr("%1 jobs finished").arg(jobs.size() - failed);
    return {title, failed > 0 ? Text::tr("%1 failed").arg(failed) : QString()};
}

} // namespace ui
