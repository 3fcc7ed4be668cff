#pragma once
#include "core/jobservice.h"
#include "ui/commands.h"
#include "ui/dialogs/questions.h"
#include "ui/jobaction.h"

#include <QObject>
#include <QQueue>

class QUrl;
class QWidget;

namespace ui {

/// Carries out what the user chose: asks where something would be lost, commands the hub, and says
/// what did not work. Jobs that do not allow an action are passed over.
class JobOrders final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobOrders)
public:
    using OpenUrl = std::function<void(const QUrl &)>;

    /// `window` is the parent of questions. `openUrl` opens a file or folder in another program.
    JobOrders(Commands &commands, OpenUrl openUrl, QWidget *window);
    ~JobOrders() override;

    void carryOut(JobAction action, const QList<core::JobSnapshot> &jobs);
    void add(const QList<core::JobService::AddDownload> &downloads);
    /// Asks how fast all downloads together may be.
    void limitAll();

signals:
    /// A sentence about a command that was refused.
    void refused(const QString &sentence);
    /// A download was added by add().
    void added(core::JobId id);
    /// The user wants to see the job that is for a link already.
    void existingChosen(core::JobId id);

private:
    void tellAll(JobVerb verb, const QList<core::JobSnapshot> &jobs);
    void cancel(const QList<core::JobSnapshot> &jobs);
    void removeAll(const QList<core::JobSnapshot> &jobs, core::RemoveFiles files);
    void moveAll(core::QueuePlace::To to, const QList<core::JobSnapshot> &jobs);
    void limit(const QList<core::JobSnapshot> &jobs);
    void renew(const core::JobSnapshot &job);
    void open(const QString &path);
    void addOne(const core::JobService::AddDownload &download);
    void onRefused(const core::JobService::AddDownload &download, const core::Error &error);
    void askNextExisting();
    void askExisting(std::optional<core::JobId> twin);
    void settleExisting(ExistsAnswer answer, std::optional<core::JobId> twin);
    [[nodiscard]] Commands::Answer answerFor(const core::JobSnapshot &job);

    Commands &m_commands;
    OpenUrl m_openUrl;
    QWidget *m_window;
    /// A download that was not added because its file or its link is there.
    struct Existing {
        core::JobService::AddDownload download;
        core::Error why;
    };
    QQueue<Existing> m_existing; // the question is about the first
};

} // namespace ui
