#include "app/drayctl/printing.h"
#include "core/base/units.h"
#include "core/jobs/jobstate.h"

#include <QCommandLineParser>

namespace app {

using namespace Qt::StringLiterals;

namespace {

/// Options whose values go into the params as they are, by the names of the members.
const QStringList &texts()
{
    static const QStringList names{u"job"_s,   u"title"_s,   u"state"_s,
                                   u"stage"_s, u"message"_s, u"type"_s};
    return names;
}

QList<QCommandLineOption> reportOptions()
{
    return {
        {u"job"_s, u"The job: its number, or a name of your own."_s, u"ID"_s},
        {u"title"_s, u"What the work is; a new job needs one."_s, u"TEXT"_s},
        {u"state"_s, u"queued, running, paused, succeeded, failed or canceled."_s, u"STATE"_s},
        {u"stage"_s, u"What it is busy with, such as transferring or verifying."_s, u"STAGE"_s},
        {u"message"_s, u"What there is to say."_s, u"TEXT"_s},
        {u"done"_s, u"Bytes done, such as 10M."_s, u"BYTES"_s},
        {u"total"_s, u"Bytes of the whole work."_s, u"BYTES"_s},
        {u"step"_s, u"A step and its state; repeat it, all steps in order."_s, u"TITLE[=STATE]"_s},
        {u"type"_s, u"Of AI work: thinking, plan, working, step_complete, complete or error."_s,
         u"TYPE"_s},
    };
}

/// "Build=running", or a title alone.
QJsonObject stepFrom(const QString &text)
{
    const qsizetype equals = text.lastIndexOf(u'=');
    const QString state = text.mid(equals + 1);
    if (equals <= 0 || !core::jobStateFromName(state))
        return {{u"title"_s, text}};
    return {{u"title"_s, text.left(equals)}, {u"state"_s, state}};
}

tl::expected<QJsonObject, Complaint> paramsFrom(const QCommandLineParser &options)
{
    QJsonObject params;
    for (const QString &name : texts())
        if (options.isSet(name))
            params.insert(name, options.value(name));
    for (const QString &name : {u"done"_s, u"total"_s}) {
        if (!options.isSet(name))
            continue;
        const auto bytes = core::parseBytes(options.value(name));
        if (!bytes)
            return usageError(u"drayctl report: --%1: %2"_s.arg(name, bytes.error().context));
        params.insert(name, *bytes);
    }
    QJsonArray steps;
    for (const QString &step : options.values(u"step"_s))
        steps.append(stepFrom(step));
    if (!steps.isEmpty())
        params.insert(u"steps"_s, steps);
    return params;
}

/// Prints the id, so that a script can keep it: id=$(drayctl report --title …).
CommandResult report(const Invocation &call, Terminal &terminal)
{
    QCommandLineParser options;
    options.addOptions(reportOptions());
    if (!options.parse(QStringList{call.command} + call.arguments))
        return usageError(options.errorText());
    if (!options.positionalArguments().isEmpty() || options.optionNames().isEmpty())
        return usageError(
            u"drayctl report: write drayctl report [--job ID] --title TEXT, and what there is to say"_s);
    const auto params = paramsFrom(options);
    if (!params)
        return tl::unexpected(params.error());
    const auto answer = callOnce(call, u"job.report"_s, *params);
    if (!answer)
        return tl::unexpected(answer.error());
    const QJsonObject job = (*answer)[u"job"_s].toObject();
    if (call.json)
        printJson(terminal, job);
    else
        terminal.out << job[u"id"_s].toString() << '\n';
    return ExitCode::Done;
}

} // namespace

QList<CommandEntry> reportCommands()
{
    return {
        {u"report"_s,
         u"[--job ID] [--title TEXT] [--state STATE] [--stage STAGE] [--message TEXT] "
         "[--done BYTES] [--total BYTES] [--step TITLE[=STATE]]… [--type TYPE]"_s,
         u"show work of your own as a job; prints its number"_s, report},
    };
}

} // namespace app
