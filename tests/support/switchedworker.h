#pragma once
#include "core/jobs/jobworker.h"

#include <atomic>
#include <thread>

namespace tests {

/// A worker that waits until it is stopped, or does what its switch says.
class SwitchedWorker final : public core::JobWorker
{
public:
    /// One per job; the test turns it.
    struct Switch {
        std::atomic<qint64> done{0};
        std::atomic<int> order{0}; // 0 go on, 1 complete, 2 fail
    };
    explicit SwitchedWorker(std::shared_ptr<Switch> order)
        : m_switch(std::move(order))
    { }
    core::Result<core::Outcome> run(std::stop_token stop, core::ProgressCell &progress) override
    {
        progress.enter(core::Stage::Transferring);
        progress.setTotal(1000);
        while (!stop.stop_requested()) {
            progress.setDone(m_switch->done.load());
            const int order = m_switch->order.exchange(0);
            if (order == 1)
                return core::Outcome::Completed;
            if (order == 2)
                return core::fail(core::ErrorCode::Network, QStringLiteral("reset"));
            std::this_thread::yield();
        }
        return core::Outcome::Stopped;
    }

private:
    std::shared_ptr<Switch> m_switch;
};

} // namespace tests
