#pragma once
#include <QString>

#include <tuple>

namespace server {

/// What a client of §3.4 listens to: one workflow, one agent, or the coordinator.
struct Room {
    enum class Target { Workflow, Agent, Coordinator } target = Target::Coordinator;
    /// "w3", the name of an agent; empty for the coordinator.
    QString id;
    friend bool operator==(const Room &, const Room &) = default;
    friend bool operator<(const Room &a, const Room &b)
    {
        return std::tie(a.target, a.id) < std::tie(b.target, b.id);
    }
};

} // namespace server
