#pragma once
#include "core/download/speedlimits.h"
#include "core/flash/writelimits.h"
#include "core/jobs/jobtypes.h"
#include "core/store/settings.h"

#include <QTimer>

namespace app {

/// Lets the limits that users set hold for what runs: of all downloads by the settings and the time of day,
/// of one job by its own.
///
/// Threads: lives on the hub thread; the limits are read by workers.
class JobLimits final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobLimits)
public:
    JobLimits(const core::Clock &clock, const core::Settings &settings);

    [[nodiscard]] const std::shared_ptr<core::SpeedLimits> &speed() const { return m_speed; }
    [[nodiscard]] const std::shared_ptr<core::WriteLimits> &writing() const { return m_writing; }
    /// The settings are there, or are others.
    void apply();
    /// For JobRegistry::eventsReady.
    void follow(const core::JobEvents &events);

private:
    const core::Clock &m_clock;
    const core::Settings &m_settings;
    std::shared_ptr<core::SpeedLimits> m_speed;
    std::shared_ptr<core::WriteLimits> m_writing = std::make_shared<core::WriteLimits>();
    QTimer m_timer; // runs while limits depend on the time of day
};

} // namespace app
