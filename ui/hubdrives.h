#pragma once
#include "ui/drivesource.h"

#include <memory>

class QObject;

namespace core {
class DriveList;
}

namespace ui {

class Mailbox;

/// The drives of this computer, carried from the hub thread to the UI thread as they come and go.
/// Connecting and the first look happen in one turn of the hub, so no change is missed.
///
/// Threads: used on the UI thread. `drives` and `hubContext` live on the hub thread and outlive it.
class HubDrives final : public DriveSource
{
public:
    HubDrives(const core::DriveList &drives, QObject *hubContext);
    ~HubDrives() override;
    HubDrives(const HubDrives &) = delete;
    HubDrives &operator=(const HubDrives &) = delete;

    void join(DriveListModel &model) override;

private:
    struct HubSide;

    const core::DriveList &m_drives;
    QObject *m_hubContext;
    std::shared_ptr<Mailbox> m_mailbox;
    std::shared_ptr<HubSide> m_hubSide;
};

} // namespace ui
