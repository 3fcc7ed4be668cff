#pragma once
#include <functional>
#include <memory>
#include <mutex>

class QObject;

namespace ui {

/// Takes calls from other threads into the thread it was made in; whoever posts may outlive it.
///
/// Threads: made, closed and destroyed on the receiving thread; post() from any.
class Mailbox
{
public:
    Mailbox();
    ~Mailbox();
    Mailbox(const Mailbox &) = delete;
    Mailbox &operator=(const Mailbox &) = delete;

    /// Runs `call` in a later turn of the receiving thread's event loop, or never once closed.
    void post(std::function<void()> call);
    /// No posted call runs afterwards.
    void close();

private:
    std::mutex m_mutex;
    std::unique_ptr<QObject> m_receiver;
};

} // namespace ui
