#pragma once
#include "core/agents/agent.h"

#include <functional>

namespace ui {

class AgentListModel;

/// What agents did, as it is known at `now` (wall clock); several points may be of the same minute.
struct AgentHistory {
    core::Milliseconds now{0};
    QList<core::AgentPoint> points;
};

/// Where the window learns which agents there are and what they did.
class AgentSource
{
public:
    using HistoryAnswer = std::function<void(const AgentHistory &)>;

    virtual ~AgentSource() = default;
    /// Fills `model` soon, and keeps it true from then on. Call once.
    virtual void join(AgentListModel &model) = 0;
    /// What the agent of that name did, "": all of them. Answers once, on the UI thread.
    virtual void askHistory(const QString &name, HistoryAnswer answer) = 0;
};

} // namespace ui
