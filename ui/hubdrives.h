#pragma once
#include "ui/drivesource.h"

#include <memory>

class QObject;

namespace core {
class DriveMonitor;
class JobService;
} // namespace core

namespace ui {

class Mailbox;

/// The drives of this computer, carried from the hub thread to the UI thread as they come and go.
/// Connecting and the first look happen in one turn of the hub, so no change is missed.
///
/// Threads: used on the UI thread. `monitor`, `service` and `hubContext` live on the hub thread and
/// outlive it.
class HubDrives final : public DriveSource
{
public:
    HubDrives(core::DriveMonitor &monitor, core::JobService &service, QObject *hubContext);
    ~HubDrives() override;
    HubDrives(const HubDrives &) = delete;
    HubDrives &operator=(const HubDrives &) = delete;

    void join(DriveListModel &model) override;

private:
    struct HubSide;

    core::DriveMonitor &m_monitor;
    core::JobService &m_service;
    QObject *m_hubContext;
    std::shared_ptr<Mailbox> m_mailbox;
    std::shared_ptr<HubSide> m_hubSide;
};

} // namespace ui
