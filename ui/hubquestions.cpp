#include "ui/hubquestions.h"

#include "core/flashservice.h"
#include "ui/mailbox.h"

namespace ui {

/// Touched on the hub thread only.
struct HubQuestions::HubSide {
    QMetaObject::Connection changes;
};

HubQuestions::HubQuestions(core::FlashService &flashes, QObject *hubContext)
    : m_flashes(flashes)
    , m_hubContext(hubContext)
    , m_mailbox(std::make_shared<Mailbox>())
    , m_hubSide(std::make_shared<HubSide>())
{ }

HubQuestions::~HubQuestions()
{
    m_mailbox->close();
    QMetaObject::invokeMethod(
        m_hubContext, [side = m_hubSide] { QObject::disconnect(side->changes); },
        Qt::QueuedConnection);
}

void HubQuestions::join(Listener listener)
{
    const auto joinOnHub = [&flashes = m_flashes, context = m_hubContext, mailbox = m_mailbox,
                            side = m_hubSide, listener = std::move(listener)] {
        const auto tell = [&flashes, mailbox, listener] {
            if (const auto open = flashes.questions(core::Principal::localUser()))
                mailbox->post([listener, questions = *open] { listener(questions); });
        };
        side->changes =
            QObject::connect(&flashes, &core::FlashService::questionsChanged, context, tell);
        tell();
    };
    QMetaObject::invokeMethod(m_hubContext, joinOnHub, Qt::QueuedConnection);
}

} // namespace ui
