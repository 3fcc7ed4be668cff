#include "ui/joborders.h"

#include "core/base/shownurl.h"
#include "ui/text/jobtext.h"
#include "ui/text/prompttext.h"

#include <QFileInfo>
#include <QPointer>
#include <QUrl>
#include <QWidget>

#include <algorithm>

namespace ui {

using core::JobSnapshot;
using AddDownload = core::JobService::AddDownload;

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
    case JobAction::StartNow:
        return tellAll(JobVerb::Resume, allowed);
    case JobAction::NewLink:
        return renew(allowed.first());
    case JobAction::MoveTop:
        return moveAll(core::QueuePlace::To::Top, allowed);
    case JobAction::MoveUp:
        return moveAll(core::QueuePlace::To::Up, allowed);
    case JobAction::MoveDown:
        return moveAll(core::QueuePlace::To::Down, allowed);
    case JobAction::Limit:
        return limit(allowed);
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

void JobOrders::add(const QList<AddDownload> &downloads)
{
    for (const AddDownload &download : downloads)
        addOne(download);
}

void JobOrders::addOne(const AddDownload &download)
{
    const auto answer = [self = QPointer(this), download](const core::Result<core::JobId> &id) {
        if (self && id)
            emit self->added(*id);
        else if (self)
            self->onRefused(download, id.error());
    };
    m_commands.add(download, answer);
}

void JobOrders::onRefused(const AddDownload &download, const core::Error &error)
{
    const core::DownloadSpec &spec = download.spec;
    const bool canAsk =
        spec.ifExists == core::IfExists::Ask && error.code == core::ErrorCode::FileExists;
    if (!canAsk) {
        emit refused(addFailedText(core::shownUrl(spec.url), error));
        return;
    }
    m_existing.enqueue({download, error});
    if (m_existing.size() == 1)
        askNextExisting();
}

void JobOrders::askNextExisting()
{
    if (m_existing.isEmpty())
        return;
    const auto ask = [self = QPointer(this)](const core::Result<core::JobId> &id) {
        if (self)
            self->askExisting(id ? std::optional(*id) : std::nullopt);
    };
    m_commands.findTwin(m_existing.head().download.spec.url, ask);
}

void JobOrders::askExisting(std::optional<core::JobId> twin)
{
    const Existing &first = m_existing.head();
    askExists(m_window, existsQuestion(core::shownUrl(first.download.spec.url), first.why),
              twin ? OfferShow::Yes : OfferShow::No,
              [this, twin](ExistsAnswer answer) { settleExisting(answer, twin); });
}

void JobOrders::settleExisting(ExistsAnswer answer, std::optional<core::JobId> twin)
{
    using Choice = ExistsAnswer::Choice;
    const bool isAdded = answer.choice == Choice::Overwrite || answer.choice == Choice::Rename;
    const qsizetype count = answer.reach == ExistsAnswer::For::All ? m_existing.size() : 1;
    for (qsizetype i = 0; i < count; ++i) {
        AddDownload download = m_existing.dequeue().download;
        download.spec.ifExists =
            answer.choice == Choice::Overwrite ? core::IfExists::Overwrite : core::IfExists::Rename;
        if (isAdded)
            addOne(download);
    }
    if (answer.choice == Choice::Show && twin)
        emit existingChosen(*twin);
    askNextExisting();
}

void JobOrders::tellAll(JobVerb verb, const QList<JobSnapshot> &jobs)
{
    for (const JobSnapshot &job : jobs)
        m_commands.tell(job.id, verb, answerFor(job));
}

/// Jobs that move together keep their order.
void JobOrders::moveAll(core::QueuePlace::To to, const QList<JobSnapshot> &jobs)
{
    QList<JobSnapshot> sorted = jobs;
    std::ranges::sort(sorted, {}, &JobSnapshot::position);
    if (to != core::QueuePlace::To::Up)
        std::ranges::reverse(sorted);
    for (const JobSnapshot &job : sorted)
        m_commands.move(job.id, {to}, answerFor(job));
}

void JobOrders::limit(const QList<JobSnapshot> &jobs)
{
    askLimit(m_window, limitQuestion(jobs), jobs.first().speedLimit,
             [this, jobs](qint64 bytesPerSecond) {
                 for (const JobSnapshot &job : jobs)
                     m_commands.setLimit(job.id, bytesPerSecond, answerFor(job));
             });
}

void JobOrders::limitAll()
{
    const auto answer = [self = QPointer(this)](const core::Result<void> &result) {
        if (self && !result)
            emit self->refused(errorText(result.error()));
    };
    askLimit(m_window, limitQuestion({}), 0, [this, answer](qint64 bytesPerSecond) {
        m_commands.setTotalLimit(bytesPerSecond, answer);
    });
}

void JobOrders::renew(const JobSnapshot &job)
{
    askLink(m_window, linkQuestion(job),
            [this, job](const QUrl &url) { m_commands.refreshUrl(job.id, url, answerFor(job)); });
}

void JobOrders::cancel(const QList<JobSnapshot> &jobs)
{
    const bool hasSomethingToLose = std::ranges::any_of(jobs, [](const JobSnapshot &job) {
        const bool isFlashing =
            job.kind == core::JobKind::Flash && job.state == core::JobState::Running;
        return job.progress.done > 0 || isFlashing;
    });
    if (!hasSomethingToLose)
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
