#include "ui/joborders.h"

#include "ui/dialogs/questions.h"
#include "ui/text/prompttext.h"

#include <QFileInfo>
#include <QPointer>
#include <QUrl>
#include <QWidget>

#include <algorithm>

namespace ui {

using core::JobSnapshot;

JobOrders::JobOrders(Commands &commands, OpenUrl openUrl, QWidget *window)
    : QObject(window)
    , m_commands(commands)
    , m_openUrl(std::move(openUrl))
    , m_window(window)
{ }

JobOrders::~JobOrders() = default;

void JobOrders::carryOut(JobAction action, const QList<JobSnapshot> &jobs)
{
    const QList<JobSnapshot> allowed = allowedFor(action, jobs);
    if (allowed.isEmpty())
        return;
    switch (action) {
    case JobAction::Pause:
        return tellAll(JobVerb::Pause, allowed);
    case JobAction::Resume:
        return tellAll(JobVerb::Resume, allowed);
    case JobAction::Retry:
        return tellAll(JobVerb::Retry, allowed);
    case JobAction::Cancel:
        return cancel(allowed);
    case JobAction::Remove:
        return askRemove(m_window, allowed,
                         [this, allowed](core::RemoveFiles files) { removeAll(allowed, files); });
    case JobAction::OpenFile:
        return open(allowed.first().details.target);
    case JobAction::OpenFolder:
        return open(QFileInfo(allowed.first().details.target).absolutePath());
    }
}

void JobOrders::add(const QList<core::DownloadSpec> &specs)
{
    for (const core::DownloadSpec &spec : specs) {
        const QString link = spec.url.toDisplayString();
        const auto answer = [self = QPointer(this), link](const core::Result<core::JobId> &id) {
            if (!self)
                return;
            if (id)
                emit self->added(*id);
            else
                emit self->refused(addFailedText(link, id.error()));
        };
        m_commands.addDownload(spec, answer);
    }
}

void JobOrders::tellAll(JobVerb verb, const QList<JobSnapshot> &jobs)
{
    for (const JobSnapshot &job : jobs)
        m_commands.tell(job.id, verb, answerFor(job));
}

void JobOrders::cancel(const QList<JobSnapshot> &jobs)
{
    const bool hasBytes = std::any_of(jobs.begin(), jobs.end(),
                                      [](const JobSnapshot &job) { return job.progress.done > 0; });
    if (!hasBytes)
        return tellAll(JobVerb::Cancel, jobs);
    askCancel(m_window, jobs, [this, jobs] { tellAll(JobVerb::Cancel, jobs); });
}

void JobOrders::removeAll(const QList<JobSnapshot> &jobs, core::RemoveFiles files)
{
    for (const JobSnapshot &job : jobs)
        m_commands.remove(job.id, files, answerFor(job));
}

void JobOrders::open(const QString &path)
{
    if (!QFileInfo::exists(path)) {
        emit refused(cannotOpenText(path));
        return;
    }
    m_openUrl(QUrl::fromLocalFile(path));
}

Commands::Answer JobOrders::answerFor(const JobSnapshot &job)
{
    return [self = QPointer(this), job](const core::Result<void> &result) {
        if (self && !result)
            emit self->refused(commandFailedText(job, result.error()));
    };
}

} // namespace ui
