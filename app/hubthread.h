#pragma once
#include "app/hub.h"

#include <QThread>

namespace app {

/// The hub on a thread of its own, for programs whose main thread draws.
/// Threads: used on the UI thread.
class HubThread final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HubThread)
public:
    explicit HubThread(QObject *parent = nullptr);
    /// Ends the hub in order, within some seconds; leaves the process when a thread hangs.
    ~HubThread() override;

    /// Makes and starts the hub; waits for it. As Hub::start.
    [[nodiscard]] core::Result<void> start(const HubOptions &options, DataFolder folder);

    /// Of the hub thread: call its functions there only, through `context()`.
    [[nodiscard]] Hub &hub() { return *m_hub; }
    /// Lives on the hub thread, for QMetaObject::invokeMethod.
    [[nodiscard]] QObject *context() { return m_context.get(); }
    /// Runs `ask` on the hub thread and waits for what it returns. For short questions only.
    template<typename Ask>
    auto askHub(Ask ask)
    {
        decltype(ask(*m_hub)) answer;
        QMetaObject::invokeMethod(
            m_context.get(), [&] { answer = ask(*m_hub); }, Qt::BlockingQueuedConnection);
        return answer;
    }

private:
    QThread m_thread;
    std::unique_ptr<QObject> m_context;
    std::unique_ptr<Hub> m_hub;
};

} // namespace app
