#include "ui/mailbox.h"

#include <QObject>

namespace ui {

Mailbox::Mailbox()
    : m_receiver(std::make_unique<QObject>())
{ }

Mailbox::~Mailbox() = default;

void Mailbox::post(std::function<void()> call)
{
    const std::lock_guard lock(m_mutex);
    if (m_receiver)
        QMetaObject::invokeMethod(m_receiver.get(), std::move(call), Qt::QueuedConnection);
}

void Mailbox::close()
{
    std::unique_ptr<QObject> receiver;
    const std::lock_guard lock(m_mutex);
    receiver = std::move(m_receiver);
}

} // namespace ui
