#include "ui/driveorders.h"

#include "ui/dialogs/formatdialog.h"
#include "ui/text/drivetext.h"

#include <QAction>
#include <QDir>
#include <QFileDialog>
#include <QPointer>
#include <QWidget>

#include <algorithm>

namespace ui {

using namespace Qt::StringLiterals;

DriveOrders::DriveOrders(Commands &commands, DriveListModel &drives, QWidget *window)
    : QObject(window)
    , m_commands(commands)
    , m_drives(drives)
    , m_window(window)
{
    make(Order::Read, u"readdrive"_s, tr("&Read into a file"));
    make(Order::Compare, u"comparedrive"_s, tr("Co&mpare"));
    make(Order::Format, u"formatdrive"_s, tr("&Give back empty"));
    make(Order::Eject, u"ejectdrive"_s, tr("&Eject"));
    setCurrent(-1);
}

DriveOrders::~DriveOrders() = default;

QList<QAction *> DriveOrders::actions() const
{
    return {m_actions.begin(), m_actions.end()};
}

void DriveOrders::setCurrent(int row)
{
    const bool isMeant = row >= 0 && row < m_drives.rowCount();
    m_current = isMeant ? m_drives.drive(row).drive.identity() : core::DriveIdentity();
    const QString unread = isMeant ? m_drives.readingRefusal(row) : tr("Select a drive.");
    const QString unwritten = isMeant ? m_drives.refusal(row) : unread;
    for (const Order order : {Order::Read, Order::Compare, Order::Format, Order::Eject}) {
        const QString refusal = order == Order::Format ? unwritten : unread;
        QAction *action = m_actions[size_t(order)];
        action->setEnabled(refusal.isEmpty());
        action->setToolTip(refusal);
    }
}

void DriveOrders::make(Order order, const QString &name, const QString &text)
{
    auto *action = new QAction(text, this);
    action->setObjectName(name);
    connect(action, &QAction::triggered, this, [this, order] { carryOut(order); });
    m_actions[size_t(order)] = action;
}

void DriveOrders::carryOut(Order order)
{
    const QList<DriveListModel::Judged> &all = m_drives.drives();
    const auto found = std::ranges::find_if(all, [this](const DriveListModel::Judged &judged) {
        return judged.drive.identity() == m_current;
    });
    if (found == all.end())
        return;
    switch (order) {
    case Order::Read:
        return read(found->drive);
    case Order::Compare:
        return compare(found->drive);
    case Order::Format:
        return format(*found);
    case Order::Eject:
        return eject(found->drive);
    }
}

void DriveOrders::read(const core::Drive &drive)
{
    auto *dialog = new QFileDialog(m_window, tr("Read %1 into").arg(driveName(drive)),
                                   QDir::home().filePath(drive.id + u".img.zst"_s),
                                   tr("Packed image (*.zst);;Image (*.img)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    connect(dialog, &QFileDialog::fileSelected, this, [this, drive](const QString &path) {
        start(drive, core::ReadSpec{.drive = drive.id, .to = path});
    });
    dialog->open();
}

void DriveOrders::compare(const core::Drive &drive)
{
    auto *dialog = new QFileDialog(m_window, tr("Compare %1 with").arg(driveName(drive)));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this, drive](const QString &path) {
        start(drive, core::CompareSpec{.drive = drive.id, .image = path, .sha256 = {}});
    });
    dialog->open();
}

void DriveOrders::format(const DriveListModel::Judged &judged)
{
    auto *dialog = new FormatDialog(m_commands, judged, m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &FormatDialog::added, this, [this](core::JobId id) { emit added(id); });
    connect(&m_drives, &DriveListModel::drivesChanged, dialog,
            [this, dialog] { dialog->setThere(m_drives.drives()); });
    dialog->open();
}

void DriveOrders::eject(const core::Drive &drive)
{
    const auto answer = [self = QPointer(this),
                         name = driveName(drive)](const core::Result<void> &ended) {
        if (self)
            emit self->said(ended ? mayBePulledOutText(name) : flashFailedText(ended.error()));
    };
    m_commands.eject(drive.identity(), answer);
}

void DriveOrders::start(const core::Drive &drive, const core::DriveService::Spec &spec)
{
    const auto answer = [self = QPointer(this)](const core::Result<core::JobId> &id) {
        if (self && id)
            emit self->added(*id);
        else if (self)
            emit self->said(flashFailedText(id.error()));
    };
    m_commands.work({.spec = spec, .seen = drive.identity()}, answer);
}

} // namespace ui
