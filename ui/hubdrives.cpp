#include "ui/hubdrives.h"

#include "core/drives/drivelist.h"
#include "ui/mailbox.h"
#include "ui/models/drivelistmodel.h"

#include <QPointer>

namespace ui {

/// Touched on the hub thread only.
struct HubDrives::HubSide {
    QMetaObject::Connection changes;
};

HubDrives::HubDrives(const core::DriveList &drives, QObject *hubContext)
    : m_drives(drives)
    , m_hubContext(hubContext)
    , m_mailbox(std::make_shared<Mailbox>())
    , m_hubSide(std::make_shared<HubSide>())
{ }

HubDrives::~HubDrives()
{
    m_mailbox->close();
    QMetaObject::invokeMethod(
        m_hubContext, [side = m_hubSide] { QObject::disconnect(side->changes); },
        Qt::QueuedConnection);
}

void HubDrives::join(DriveListModel &model)
{
    const auto joinOnHub = [&drives = m_drives, context = m_hubContext, mailbox = m_mailbox,
                            side = m_hubSide, rows = QPointer(&model)] {
        const auto tell = [&drives, mailbox, rows] {
            mailbox->post([rows, all = drives.drives()] {
                if (rows)
                    rows->setDrives(all);
            });
        };
        side->changes = QObject::connect(&drives, &core::DriveList::changed, context, tell);
        tell();
    };
    QMetaObject::invokeMethod(m_hubContext, joinOnHub, Qt::QueuedConnection);
}

} // namespace ui
