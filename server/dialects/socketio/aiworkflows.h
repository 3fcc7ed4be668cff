#pragma once
#include "core/workflows/workflows.h"
#include "server/dialects/socketio/aifeed.h"
#include "server/dialects/socketio/aiwords.h"

namespace server {

/// Workflows in the words of `ai_progress`: plan, working, step_complete, complete or error. The workflow's id
/// is the task, and the conversation.
///
/// Threads: the hub thread.
class AiWorkflows final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AiWorkflows)
public:
    /// All outlive it.
    AiWorkflows(const core::Workflows &workflows, AiFeed &feed, const core::Clock &clock);

private:
    void onEvents(const core::WorkflowEvents &events);
    void tell(const core::Workflow &workflow, const AiWords &words, Conversations::Kind kind);

    AiFeed &m_feed;
    const core::Clock &m_clock;
};

/// What is said of a workflow that began, or begins once more.
[[nodiscard]] AiWords planWords(const core::Workflow &workflow);
/// What is said of a change, in order; empty: only numbers moved, or nothing that there are words for.
[[nodiscard]] QList<AiWords> changeWords(const core::Workflow &before, const core::Workflow &after);
/// What is said when only numbers moved; nullopt when nothing runs.
[[nodiscard]] std::optional<AiWords> numberWords(const core::Workflow &workflow);

} // namespace server
