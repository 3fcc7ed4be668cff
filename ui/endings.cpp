#include "ui/endings.h"

namespace ui {

Endings::Endings(QObject *parent)
    : QObject(parent)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(GatherTime);
    connect(&m_timer, &QTimer::timeout, this, [this] { emit gathered(std::exchange(m_jobs, {})); });
}

Endings::~Endings() = default;

void Endings::add(const core::JobSnapshot &job)
{
    m_jobs.append(job);
    if (!m_timer.isActive())
        m_timer.start();
}

} // namespace ui
