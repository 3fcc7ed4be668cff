#pragma once
#include "core/drives/drivemonitor.h"
#include "core/drives/udevevents.h"

namespace core {

/// The drives by udev's events alone, where there is no UDisks2.
class UdevDriveMonitor final : public DriveMonitor
{
    Q_OBJECT

public:
    explicit UdevDriveMonitor(SysfsDrives reader, QObject *parent = nullptr);

private:
    UdevEvents m_events;
};

} // namespace core
