#include "app/drayctl/workflowwatch.h"

#include "app/drayctl/jobmirror.h"
#include "app/drayctl/printing.h"
#include "core/jobs/workflow.h"

namespace app {

using namespace Qt::StringLiterals;

namespace {

QString percentOf(const QJsonObject &object)
{
    return QString::number(int(object[u"progress"_s].toDouble() * 100)) + u" %"_s;
}

QString endLine(const QJsonObject &workflow)
{
    const QString state = workflow[u"state"_s].toString();
    const QString id = workflow[u"id"_s].toString();
    if (state != "failed"_L1)
        return u"workflow %1: %2"_s.arg(id, state == "succeeded"_L1 ? u"done"_s : state);
    return u"workflow %1: failed at step %2: %3"_s.arg(id, workflow[u"stage"_s].toString(),
                                                       workflow[u"message"_s].toString());
}

/// The workflow after a notification; nullopt when that is about something else, an empty object when it is
/// gone.
std::optional<QJsonObject> moved(const QJsonObject &workflow, const QJsonObject &notification)
{
    const QJsonObject event = notification[u"params"_s].toObject();
    if (event[u"id"_s] != workflow[u"id"_s])
        return std::nullopt;
    if (event[u"type"_s] == "workflow.removed"_L1)
        return QJsonObject();
    const bool isNewer = event[u"rev"_s].toInteger() > workflow[u"rev"_s].toInteger();
    if (event[u"type"_s] != "workflow.changed"_L1 || !isNewer)
        return std::nullopt;
    return mergedWith(workflow, event[u"patch"_s].toObject());
}

/// Prints a workflow as it moves: on a terminal its line is redrawn, elsewhere there is one for each step.
class WorkflowPrinter
{
public:
    WorkflowPrinter(const Invocation &call, Terminal &terminal)
        : m_call(call)
        , m_terminal(terminal)
    { }

    void show(const QJsonObject &workflow)
    {
        if (m_call.json)
            return printJson(m_terminal, workflow);
        const QString key = workflow[u"state"_s].toString() + workflow[u"stage"_s].toString();
        const bool isStep = std::exchange(m_last, key) != key;
        if (m_terminal.isInteractive)
            m_terminal.out << "\r\x1b[K" << workflowLine(workflow);
        else if (isStep)
            m_terminal.out << workflowLine(workflow) << '\n';
        m_terminal.out.flush();
    }
    void end(const QJsonObject &workflow)
    {
        if (m_call.json)
            return;
        if (m_terminal.isInteractive)
            m_terminal.out << "\r\x1b[K";
        m_terminal.out << endLine(workflow) << '\n';
    }

private:
    const Invocation &m_call;
    Terminal &m_terminal;
    QString m_last;
};

} // namespace

bool isWorkflowId(const QString &text)
{
    return core::WorkflowId::fromText(text).has_value();
}

QString workflowLine(const QJsonObject &workflow)
{
    return u"%1  %2  step %3 of %4: %5  %6  %7"_s.arg(
        workflow[u"id"_s].toString(), workflow[u"state"_s].toString(),
        QString::number(workflow[u"stageIndex"_s].toInteger()),
        QString::number(workflow[u"stageCount"_s].toInteger()), workflow[u"stage"_s].toString(),
        percentOf(workflow), workflow[u"title"_s].toString());
}

void printWorkflow(Terminal &terminal, const QJsonObject &workflow)
{
    terminal.out << workflowLine(workflow) << '\n';
    for (const QJsonValue value : workflow[u"steps"_s].toArray()) {
        const QJsonObject step = value.toObject();
        const QString job = step[u"job"_s].toString();
        const QString error = step[u"error"_s].toObject()[u"message"_s].toString();
        terminal.out << u"  %1  %2  %3  %4%5%6"_s.arg(
            step[u"name"_s].toString(), step[u"kind"_s].toString(), step[u"state"_s].toString(),
            percentOf(step), job.isEmpty() ? QString() : u"  job "_s + job,
            error.isEmpty() ? QString() : u"  "_s + error)
                     << '\n';
    }
    if (const QString message = workflow[u"message"_s].toString(); !message.isEmpty())
        terminal.out << message << '\n';
}

CommandResult
watchWorkflow(HubConnection &hub, const QString &id, const Invocation &call, Terminal &terminal)
{
    const auto ack = hub.call(u"topic.subscribe"_s, {{u"topic"_s, u"workflow:"_s + id}});
    if (!ack)
        return tl::unexpected(complaintFor(ack.error()));
    QJsonObject workflow = (*ack)[u"workflows"_s].toArray().first().toObject();
    WorkflowPrinter printer(call, terminal);
    printer.show(workflow);
    while (!isFinalState(workflow[u"state"_s].toString())) {
        const auto notification = hub.waitForNotification();
        if (!notification)
            return tl::unexpected(Complaint{ExitCode::NoHub, u"the hub closed the connection"_s});
        const auto next = moved(workflow, *notification);
        if (next && next->isEmpty())
            return tl::unexpected(Complaint{ExitCode::Failed, u"workflow %1: removed"_s.arg(id)});
        if (!next)
            continue;
        workflow = *next;
        printer.show(workflow);
    }
    printer.end(workflow);
    return workflow[u"state"_s] == "succeeded"_L1 ? ExitCode::Done : ExitCode::Failed;
}

} // namespace app
