#include "ui/flashorders.h"

#include "core/base/storedurljson.h"
#include "ui/dialogs/flashdialog.h"
#include "ui/models/drivelistmodel.h"
#include "ui/text/jobtext.h"

#include <QWidget>

namespace ui {

QString imageOf(const QList<core::JobSnapshot> &jobs)
{
    if (jobs.size() != 1)
        return {};
    const core::JobSnapshot &job = jobs.first();
    if (job.kind == core::JobKind::Flash) {
        // The link itself: the job shows it without its secrets.
        const QString link = core::storedUrl(job.spec).toString(QUrl::RemoveUserInfo);
        return link.isEmpty() ? job.source : link;
    }
    const bool isImage = job.state == core::JobState::Succeeded && isImageName(job.details.target);
    return isImage ? job.details.target : QString();
}

FlashOrders::FlashOrders(Commands &commands, DriveListModel &drives, QWidget *window)
    : QObject(window)
    , m_commands(commands)
    , m_drives(drives)
    , m_window(window)
{ }

FlashOrders::~FlashOrders() = default;

void FlashOrders::offer(const QString &image)
{
    if (!m_dialog) {
        const auto send = [this](const FlashOrder &order, const Commands::Answer &answer) {
            flash(order, answer);
        };
        m_dialog = new FlashDialog(FlashDialog::Purpose::Flash, send, m_drives, m_window);
        m_dialog->setAttribute(Qt::WA_DeleteOnClose);
        m_dialog->open();
    }
    if (!image.isEmpty())
        m_dialog->setImage(image);
    m_dialog->raise();
}

void FlashOrders::flash(const FlashOrder &order, const Commands::Answer &answer)
{
    m_commands.flash(order, [self = QPointer(this), answer](const core::Result<core::JobId> &id) {
        if (self && id)
            emit self->added(*id);
        answer(id.map([](core::JobId) {}));
    });
}

void FlashOrders::setJobs(const QList<core::JobSnapshot> &jobs)
{
    QHash<QString, QString> users;
    for (const core::JobSnapshot &job : jobs) {
        for (const core::JobDrive &drive : job.details.drives)
            if (!isFinal(job.state) && !isFinal(drive.state))
                users.insert(drive.id, jobName(job));
    }
    m_drives.setUsers(users);
}

} // namespace ui
