#pragma once
#include <QPointer>
#include <QTimer>

#include <vector>

namespace server {

class UpgradedSession;

/// Lets what a socket is sent within a moment leave in one write: with a thousand events a second the
/// writes cost more than all the rest.
///
///   add ─► after a quiet time in the next turn of the event loop, else when the moment is over
///
/// Threads: the hub thread.
class Outbox
{
public:
    static constexpr std::chrono::milliseconds Moment{3};

    Outbox();
    /// `session` has frames to send; its flush() follows.
    void add(UpgradedSession &session);

private:
    void flush();

    std::vector<QPointer<UpgradedSession>> m_waiting;
    QTimer m_timer;
    std::chrono::steady_clock::time_point m_flushedAt;
};

} // namespace server
