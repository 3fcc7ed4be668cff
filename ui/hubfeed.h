#pragma once
#include "ui/jobsource.h"

#include <memory>

class QObject;

namespace core {
class JobRegistry;
}

namespace ui {

class Mailbox;

/// The registry's jobs, carried from the hub thread to the UI thread. Connecting and taking the
/// snapshot happen in one turn of the hub, so no event is missed and none comes twice.
///
/// Threads: used on the UI thread. `registry` and `hubContext` live on the hub thread and outlive it.
class HubFeed final : public JobSource
{
public:
    HubFeed(core::JobRegistry &registry, QObject *hubContext);
    ~HubFeed() override;
    HubFeed(const HubFeed &) = delete;
    HubFeed &operator=(const HubFeed &) = delete;

    void join(JobListModel &model) override;
    void setViewing(Viewing viewing) override;

private:
    struct HubSide;

    core::JobRegistry &m_registry;
    QObject *m_hubContext;
    std::shared_ptr<Mailbox> m_mailbox;
    std::shared_ptr<HubSide> m_hubSide;
    Viewing m_viewing = Viewing::No;
};

} // namespace ui
