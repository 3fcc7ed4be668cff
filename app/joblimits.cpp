#include "app/joblimits.h"

#include "core/base/speedschedule.h"

#include <QDateTime>

namespace app {

using namespace Qt::StringLiterals;

namespace {

constexpr core::Milliseconds ScheduleInterval = std::chrono::seconds(10);

} // namespace

JobLimits::JobLimits(const core::Clock &clock, const core::Settings &settings)
    : m_clock(clock)
    , m_settings(settings)
    , m_speed(std::make_shared<core::SpeedLimits>(clock))
    , m_timer(this)
{
    connect(&m_timer, &QTimer::timeout, this, &JobLimits::apply);
    connect(&settings, &core::Settings::changed, this, &JobLimits::apply);
}

void JobLimits::apply()
{
    const auto schedule =
        core::SpeedSchedule::parse(m_settings.value(u"limit.schedule").toString());
    const QTime time =
        QDateTime::fromMSecsSinceEpoch(m_clock.wallTime().count(), Qt::LocalTime).time();
    const qint64 usual = m_settings.value(u"limit.download").toLongLong();
    m_speed->setTotal(schedule ? schedule->bytesPerSecondAt(time).value_or(usual) : usual);
    if (!schedule || schedule->isEmpty())
        m_timer.stop();
    else if (!m_timer.isActive())
        m_timer.start(ScheduleInterval);
}

void JobLimits::follow(const core::JobEvents &events)
{
    for (const core::JobEvent &event : events)
        if (const auto *changed = std::get_if<core::JobChanged>(&event.change))
            if (changed->before.speedLimit != changed->job.speedLimit) {
                m_speed->setJob(changed->job.id, changed->job.speedLimit);
                m_writing->setJob(changed->job.id, changed->job.speedLimit);
            }
}

} // namespace app
