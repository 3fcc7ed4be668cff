#include "ui/hubfeed.h"

#include "core/jobs/jobregistry.h"
#include "ui/mailbox.h"
#include "ui/models/joblistmodel.h"

#include <QPointer>

namespace ui {

/// Touched on the hub thread only.
struct HubFeed::HubSide {
    QMetaObject::Connection events;
};

HubFeed::HubFeed(core::JobRegistry &registry, QObject *hubContext)
    : m_registry(registry)
    , m_hubContext(hubContext)
    , m_mailbox(std::make_shared<Mailbox>())
    , m_hubSide(std::make_shared<HubSide>())
{ }

HubFeed::~HubFeed()
{
    setViewing(Viewing::No);
    m_mailbox->close();
    QMetaObject::invokeMethod(
        m_hubContext, [side = m_hubSide] { QObject::disconnect(side->events); },
        Qt::QueuedConnection);
}

void HubFeed::join(JobListModel &model)
{
    const auto joinOnHub = [&registry = m_registry, context = m_hubContext, mailbox = m_mailbox,
                            side = m_hubSide, rows = QPointer(&model)] {
        const auto forward = [mailbox, rows](const core::JobEvents &events) {
            mailbox->post([rows, events] {
                if (rows)
                    rows->apply(events);
            });
        };
        side->events =
            QObject::connect(&registry, &core::JobRegistry::eventsReady, context, forward);
        mailbox->post([rows, jobs = registry.snapshots(), sequence = registry.lastSequence()] {
            if (rows)
                rows->reset(jobs, sequence);
        });
    };
    QMetaObject::invokeMethod(m_hubContext, joinOnHub, Qt::QueuedConnection);
}

void HubFeed::setViewing(Viewing viewing)
{
    if (viewing == m_viewing)
        return;
    m_viewing = viewing;
    const auto tell = [&registry = m_registry, viewing] {
        if (viewing == Viewing::Yes)
            registry.addViewer();
        else
            registry.removeViewer();
    };
    QMetaObject::invokeMethod(m_hubContext, tell, Qt::QueuedConnection);
}

} // namespace ui
