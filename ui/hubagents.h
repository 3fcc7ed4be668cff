#pragma once
#include "ui/agentsource.h"

#include <memory>

class QObject;

namespace core {
class AgentBoard;
}

namespace ui {

class Mailbox;

/// The agents and what is measured of them, carried from the hub thread to the UI thread. Connecting and
/// taking the list happen in one turn of the hub, so no change is missed.
///
/// Threads: used on the UI thread. `board` and `hubContext` live on the hub thread and outlive it; `clock`
/// outlives that thread, which asks it.
class HubAgents final : public AgentSource
{
public:
    HubAgents(const core::AgentBoard &board, const core::Clock &clock, QObject *hubContext);
    ~HubAgents() override;
    HubAgents(const HubAgents &) = delete;
    HubAgents &operator=(const HubAgents &) = delete;

    void join(AgentListModel &model) override;
    void askHistory(const QString &name, HistoryAnswer answer) override;

private:
    struct HubSide;

    const core::AgentBoard &m_board;
    const core::Clock &m_clock;
    QObject *m_hubContext;
    std::shared_ptr<Mailbox> m_mailbox;
    std::shared_ptr<HubSide> m_hubSide;
};

} // namespace ui
