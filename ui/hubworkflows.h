#pragma once
#include "ui/workflowaccess.h"

#include <memory>

class QObject;

namespace core {
class FlashService;
class Workflows;
} // namespace core

namespace ui {

class Mailbox;

/// The workflows, carried from the hub thread to the UI thread, and the window's commands on them, carried
/// to the hub thread as the person at the machine. Connecting and taking the list happen in one turn of
/// the hub, so no event is missed and none comes twice.
///
/// Threads: used on the UI thread. The doors and `hubContext` live on the hub thread and outlive it.
class HubWorkflows final : public WorkflowAccess
{
public:
    struct Doors {
        core::Workflows &workflows;
        core::FlashService &flashes;
    };
    HubWorkflows(const Doors &doors, QObject *hubContext);
    ~HubWorkflows() override;
    HubWorkflows(const HubWorkflows &) = delete;
    HubWorkflows &operator=(const HubWorkflows &) = delete;

    void join(WorkflowListModel &model) override;
    void add(const WorkflowOrder &order, Added answer) override;
    void tell(core::WorkflowId id, WorkflowVerb verb, Answer answer) override;
    void retry(core::WorkflowId id, const QString &step, Answer answer) override;
    void remove(core::WorkflowId id, Answer answer) override;

private:
    struct HubSide;
    using Call = std::function<core::Result<core::Workflow>(core::Workflows &)>;
    void post(Call call, Answer answer);

    core::Workflows &m_workflows;
    core::FlashService &m_flashes;
    QObject *m_hubContext;
    std::shared_ptr<Mailbox> m_mailbox;
    std::shared_ptr<HubSide> m_hubSide;
};

} // namespace ui
