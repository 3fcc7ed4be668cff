#include "app/drayctl/printing.h"

namespace app {

using namespace Qt::StringLiterals;

namespace {

QString orDash(const QString &text)
{
    return text.isEmpty() ? u"-"_s : text;
}

QStringList rowOf(const QJsonObject &agent)
{
    const QJsonObject metrics = agent[u"metrics"_s].toObject();
    QStringList capabilities;
    for (const QJsonValue capability : agent[u"capabilities"_s].toArray())
        capabilities.append(capability.toString());
    return {agent[u"name"_s].toString(),
            agent[u"status"_s].toString(),
            orDash(agent[u"current"_s].toString()),
            QString::number(metrics[u"messageCount"_s].toInteger()),
            QString::number(metrics[u"errorCount"_s].toInteger()),
            u"%1 s"_s.arg(metrics[u"averageExecutionSeconds"_s].toDouble(), 0, 'f', 1),
            metrics[u"healthy"_s].toBool() ? u"yes"_s : u"no"_s,
            orDash(capabilities.join(u", "_s))};
}

CommandResult agents(const Invocation &call, Terminal &terminal)
{
    if (!call.arguments.isEmpty())
        return usageError(u"drayctl agents: it takes no arguments"_s);
    const auto answer = callOnce(call, u"agent.list"_s);
    if (!answer)
        return tl::unexpected(answer.error());
    const QJsonArray list = (*answer)[u"agents"_s].toArray();
    if (call.json) {
        printJson(terminal, list);
        return ExitCode::Done;
    }
    QList<QStringList> rows{{u"NAME"_s, u"STATUS"_s, u"JOB"_s, u"MESSAGES"_s, u"ERRORS"_s,
                             u"AVERAGE"_s, u"HEALTHY"_s, u"DOES"_s}};
    for (const QJsonValue agent : list)
        rows.append(rowOf(agent.toObject()));
    printTable(terminal, rows);
    return ExitCode::Done;
}

} // namespace

QList<CommandEntry> agentCommands()
{
    return {{u"agents"_s, QString(),
             u"list who does the work: built-in agents, and programs that registered"_s, agents}};
}

} // namespace app
