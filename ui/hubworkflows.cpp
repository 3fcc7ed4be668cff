#include "ui/hubworkflows.h"

#include "core/flashservice.h"
#include "core/workflows/workflows.h"
#include "ui/mailbox.h"
#include "ui/models/workflowlistmodel.h"
#include "ui/seendrives.h"

#include <QPointer>

namespace ui {

using core::Principal;
using core::Result;
using core::Workflow;

namespace {

Result<Workflow> carryOut(core::Workflows &workflows, core::WorkflowId id, WorkflowVerb verb)
{
    switch (verb) {
    case WorkflowVerb::Pause:
        return workflows.pause(Principal::localUser(), id);
    case WorkflowVerb::Resume:
        return workflows.resume(Principal::localUser(), id);
    case WorkflowVerb::Cancel:
        return workflows.cancel(Principal::localUser(), id);
    }
    Q_UNREACHABLE();
}

} // namespace

/// Touched on the hub thread only.
struct HubWorkflows::HubSide {
    QMetaObject::Connection events;
};

HubWorkflows::HubWorkflows(const Doors &doors, QObject *hubContext)
    : m_workflows(doors.workflows)
    , m_flashes(doors.flashes)
    , m_hubContext(hubContext)
    , m_mailbox(std::make_shared<Mailbox>())
    , m_hubSide(std::make_shared<HubSide>())
{ }

HubWorkflows::~HubWorkflows()
{
    m_mailbox->close();
    QMetaObject::invokeMethod(
        m_hubContext, [side = m_hubSide] { QObject::disconnect(side->events); },
        Qt::QueuedConnection);
}

void HubWorkflows::join(WorkflowListModel &model)
{
    const auto joinOnHub = [&workflows = m_workflows, context = m_hubContext, mailbox = m_mailbox,
                            side = m_hubSide, rows = QPointer(&model)] {
        const auto forward = [mailbox, rows](const core::WorkflowEvents &events) {
            mailbox->post([rows, events] {
                if (rows)
                    rows->apply(events);
            });
        };
        side->events =
            QObject::connect(&workflows, &core::Workflows::eventsReady, context, forward);
        const auto all = workflows.list(Principal::localUser());
        mailbox->post([rows, list = all.value_or(QList<Workflow>())] {
            if (rows)
                rows->reset(list);
        });
    };
    QMetaObject::invokeMethod(m_hubContext, joinOnHub, Qt::QueuedConnection);
}

void HubWorkflows::add(const WorkflowOrder &order, Added answer)
{
    const auto call = [&workflows = m_workflows, &flashes = m_flashes, mailbox = m_mailbox, order,
                       answer = std::move(answer)] {
        const auto added = [mailbox, answer](const Result<Workflow> &workflow) {
            mailbox->post([answer, id = workflow.map([](const Workflow &made) {
                return made.id;
            })] { answer(id); });
        };
        if (const auto same = checkSeen(flashes, order.seen); !same)
            return added(core::fail(same.error()));
        workflows.add(Principal::localUser(), order.plan, added);
    };
    QMetaObject::invokeMethod(m_hubContext, call, Qt::QueuedConnection);
}

void HubWorkflows::tell(core::WorkflowId id, WorkflowVerb verb, Answer answer)
{
    post([id, verb](core::Workflows &workflows) { return carryOut(workflows, id, verb); },
         std::move(answer));
}

void HubWorkflows::retry(core::WorkflowId id, const QString &step, Answer answer)
{
    post(
        [id, step](core::Workflows &workflows) {
            return workflows.retry(Principal::localUser(), id, step);
        },
        std::move(answer));
}

void HubWorkflows::remove(core::WorkflowId id, Answer answer)
{
    const auto call = [&workflows = m_workflows, mailbox = m_mailbox, id,
                       answer = std::move(answer)] {
        workflows.remove(Principal::localUser(), id, [mailbox, answer](const Result<void> &result) {
            mailbox->post([answer, result] { answer(result); });
        });
    };
    QMetaObject::invokeMethod(m_hubContext, call, Qt::QueuedConnection);
}

/// Makes `call` on the hub thread and brings back its answer.
void HubWorkflows::post(Call call, Answer answer)
{
    const auto carry = [&workflows = m_workflows, mailbox = m_mailbox, call = std::move(call),
                        answer = std::move(answer)] {
        mailbox->post(
            [answer, result = call(workflows).map([](const Workflow &) {})] { answer(result); });
    };
    QMetaObject::invokeMethod(m_hubContext, carry, Qt::QueuedConnection);
}

} // namespace ui
