#pragma once
#include "core/jobs/jobregistry.h"

#include <QStringList>

namespace tests {

/// Writes down what a registry said, in order.
class EventRecorder
{
public:
    explicit EventRecorder(const core::JobRegistry &registry)
    {
        QObject::connect(&registry, &core::JobRegistry::eventsReady, &m_context,
                         [this](const core::JobEvents &events) { m_events += events; });
    }

    [[nodiscard]] const core::JobEvents &events() const { return m_events; }

    /// The states job `id` was seen in, each once per step: "queued", "running", …
    [[nodiscard]] QStringList states(core::JobId id) const
    {
        QStringList result;
        for (const core::JobEvent &event : m_events) {
            const core::JobSnapshot *job = jobOf(event);
            const bool isStep = job && job->id == id
                && (result.isEmpty() || result.last() != core::jobStateName(job->state));
            if (isStep)
                result.append(core::jobStateName(job->state));
        }
        return result;
    }

    /// The job an event is about, null for a removal.
    [[nodiscard]] static const core::JobSnapshot *jobOf(const core::JobEvent &event)
    {
        if (const auto *added = std::get_if<core::JobAdded>(&event.change))
            return &added->job;
        if (const auto *changed = std::get_if<core::JobChanged>(&event.change))
            return &changed->job;
        if (const auto *progressed = std::get_if<core::JobProgressed>(&event.change))
            return &progressed->job;
        return nullptr;
    }

private:
    QObject m_context;
    core::JobEvents m_events;
};

} // namespace tests
