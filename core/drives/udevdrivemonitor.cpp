#include "core/drives/udevdrivemonitor.h"

namespace core {

UdevDriveMonitor::UdevDriveMonitor(SysfsDrives reader, QObject *parent)
    : DriveMonitor(std::move(reader), parent)
{
    connect(&m_events, &UdevEvents::blockDeviceChanged, this, [this] { readSoon(); });
    readSoon(); // what changed between the first reading and the listening
}

} // namespace core
