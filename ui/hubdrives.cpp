#include "ui/hubdrives.h"

#include "core/drives/drivemonitor.h"
#include "core/jobservice.h"
#include "ui/mailbox.h"
#include "ui/models/drivelistmodel.h"

#include <QPointer>

namespace ui {

/// Touched on the hub thread only.
struct HubDrives::HubSide {
    QMetaObject::Connection changes;
};

HubDrives::HubDrives(core::DriveMonitor &monitor, core::JobService &service, QObject *hubContext)
    : m_monitor(monitor)
    , m_service(service)
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
    const auto joinOnHub = [&monitor = m_monitor, &service = m_service, context = m_hubContext,
                            mailbox = m_mailbox, side = m_hubSide, rows = QPointer(&model)] {
        const auto tell = [&service, mailbox, rows] {
            const auto drives = service.drives(core::Principal::localUser());
            if (!drives) // the person at the machine may read
                return;
            mailbox->post([rows, drives = *drives] {
                if (rows)
                    rows->setDrives(drives);
            });
        };
        side->changes =
            QObject::connect(&monitor, &core::DriveMonitor::drivesChanged, context, tell);
        tell();
    };
    QMetaObject::invokeMethod(m_hubContext, joinOnHub, Qt::QueuedConnection);
}

} // namespace ui
