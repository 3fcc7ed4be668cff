#include "app/hubthread.h"

#include <QEventLoop>

#include <unistd.h>

namespace app {

HubThread::HubThread(QObject *parent)
    : QObject(parent)
    , m_thread(this)
    , m_context(std::make_unique<QObject>())
{
    m_thread.setObjectName(QStringLiteral("hub"));
    m_context->moveToThread(&m_thread);
    m_thread.start();
}

HubThread::~HubThread()
{
    bool isStuck = false;
    if (m_hub) {
        QEventLoop loop;
        connect(m_hub.get(), &Hub::stopped, &loop, &QEventLoop::quit, Qt::QueuedConnection);
        QMetaObject::invokeMethod(m_hub.get(), &Hub::stop, Qt::QueuedConnection);
        loop.exec(QEventLoop::ExcludeUserInputEvents);
        isStuck = m_hub->isStuck();
    }
    if (isStuck)
        ::_exit(int(ExitCode::Done));
    QMetaObject::invokeMethod(
        m_context.get(), [this] { m_hub.reset(); }, Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

core::Result<void> HubThread::start(const HubOptions &options, DataFolder folder)
{
    core::Result<void> started;
    QMetaObject::invokeMethod(
        m_context.get(),
        [&] {
            m_hub = std::make_unique<Hub>(options, std::move(folder));
            started = m_hub->start();
            if (!started)
                m_hub.reset();
        },
        Qt::BlockingQueuedConnection);
    return started;
}

} // namespace app
