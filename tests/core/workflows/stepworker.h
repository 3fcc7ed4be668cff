#pragma once
#include "core/jobs/jobworker.h"

#include <atomic>
#include <memory>
#include <thread>

namespace tests {

/// Waits until it is told how to end, or stopped. What succeeds made a file.
class StepWorker final : public core::JobWorker
{
public:
    struct Switch {
        std::atomic<qint64> done{0};
        std::atomic<int> order{0}; // 0 go on, 1 complete, 2 fail
        std::atomic<int> runs{0};
    };
    StepWorker(std::shared_ptr<Switch> order, QString target)
        : m_switch(std::move(order))
        , m_target(std::move(target))
    { }
    core::Result<core::Outcome> run(std::stop_token stop, core::ProgressCell &progress) override
    {
        ++m_switch->runs;
        progress.setTotal(1000);
        while (!stop.stop_requested()) {
            progress.setDone(m_switch->done.load());
            const int order = m_switch->order.exchange(0);
            if (order == 2)
                return core::fail(core::ErrorCode::Network, QStringLiteral("reset"));
            if (order == 1) {
                progress.edit([this](core::JobDetails &details) {
                    details.target = m_target;
                    details.sha256 = QString(64, QLatin1Char('a'));
                });
                return core::Outcome::Completed;
            }
            std::this_thread::yield();
        }
        return core::Outcome::Stopped;
    }

private:
    std::shared_ptr<Switch> m_switch;
    const QString m_target;
};

} // namespace tests
