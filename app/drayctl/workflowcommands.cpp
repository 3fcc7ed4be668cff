#include "app/drayctl/addoptions.h"
#include "app/drayctl/flashoptions.h"
#include "app/drayctl/printing.h"
#include "app/drayctl/workflowwatch.h"
#include "core/workflows/readymadejson.h"

#include <QCommandLineParser>
#include <QFile>
#include <QJsonDocument>

namespace app {

using namespace Qt::StringLiterals;

namespace {

/// "-" is standard input.
tl::expected<QJsonObject, Complaint> readPlan(const QString &path)
{
    QFile file(path);
    const bool isOpen =
        path == "-"_L1 ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!isOpen)
        return usageError(u"drayctl workflow: %1: %2"_s.arg(path, file.errorString()));
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &error);
    if (error.error != QJsonParseError::NoError)
        return usageError(u"drayctl workflow: %1: %2 at byte %3"_s.arg(path, error.errorString())
                              .arg(error.offset));
    if (!document.isObject())
        return usageError(u"drayctl workflow: %1 is not a JSON object"_s.arg(path));
    return document.object();
}

/// The ready-made one: fetch, check, write to drives.
tl::expected<QJsonObject, Complaint> readyMadePlan(const Invocation &call,
                                                   const QCommandLineParser &options)
{
    auto flash = flashSpecFrom(call, options, options.value(u"image"_s));
    if (!flash)
        return flash;
    if (!options.isSet(u"erase"_s))
        return tl::unexpected(
            Complaint{ExitCode::Refused,
                      u"drayctl workflow: everything on %1 would be erased; say yes with "
                      "--erase SERIAL-or-ID, once per drive"_s.arg(
                          options.values(u"device"_s).join(u", "_s))});
    return core::fetchCheckWriteFile(*flash);
}

tl::expected<QJsonObject, Complaint> planFrom(const Invocation &call,
                                              const QCommandLineParser &options)
{
    const QStringList files = options.positionalArguments();
    if (files.isEmpty() && options.isSet(u"image"_s))
        return readyMadePlan(call, options);
    if (files.size() != 1 || options.optionNames().size() > (options.isSet(u"wait"_s) ? 1 : 0))
        return usageError(u"drayctl workflow: write drayctl workflow FILE [--wait], or drayctl "
                          "workflow --image IMAGE-or-URL --device ID --erase ID"_s);
    return readPlan(files.constFirst());
}

CommandResult workflow(const Invocation &call, Terminal &terminal)
{
    QCommandLineParser options;
    options.addOption({u"wait"_s, u"Wait until it has ended, and show how it goes on."_s});
    options.addOption(
        {u"image"_s, u"Fetch <IMAGE>, check it, write it to drives."_s, u"IMAGE-or-URL"_s});
    options.addOptions(flashOptions());
    if (const auto parsed = parseOptions(options, call); !parsed)
        return tl::unexpected(parsed.error());
    const auto plan = planFrom(call, options);
    if (!plan)
        return tl::unexpected(plan.error());
    HubConnection hub;
    if (const auto hello = connectTo(hub, call); !hello)
        return tl::unexpected(hello.error());
    const auto answer = hub.call(u"workflow.add"_s, *plan);
    if (!answer)
        return tl::unexpected(complaintFor(answer.error()));
    const QJsonObject added = (*answer)[u"workflow"_s].toObject();
    const QString id = added[u"id"_s].toString();
    if (call.json && !options.isSet(u"wait"_s))
        printJson(terminal, added);
    else if (!call.json)
        terminal.out << u"workflow %1: added %2"_s.arg(id, added[u"title"_s].toString()) << '\n';
    terminal.out.flush();
    return options.isSet(u"wait"_s) ? watchWorkflow(hub, id, call, terminal)
                                    : CommandResult(ExitCode::Done);
}

CommandResult workflows(const Invocation &call, Terminal &terminal)
{
    if (!call.arguments.isEmpty())
        return usageError(u"drayctl workflows: it takes no arguments"_s);
    HubConnection hub;
    if (const auto hello = connectTo(hub, call); !hello)
        return tl::unexpected(hello.error());
    QJsonArray all;
    QJsonObject page;
    do {
        const QJsonObject params =
            page.isEmpty() ? QJsonObject() : QJsonObject{{u"before"_s, page[u"next"_s]}};
        const auto answer = hub.call(u"workflow.list"_s, params);
        if (!answer)
            return tl::unexpected(complaintFor(answer.error()));
        page = *answer;
        for (const QJsonValue one : page[u"workflows"_s].toArray())
            all.append(one);
    } while (page.contains(u"next"_s));
    if (call.json)
        printJson(terminal, all);
    else
        for (const QJsonValue one : std::as_const(all))
            terminal.out << workflowLine(one.toObject()) << '\n';
    if (!call.json && all.isEmpty())
        terminal.out << "There are no workflows.\n";
    return ExitCode::Done;
}

} // namespace

QList<CommandEntry> workflowCommands()
{
    return {
        {u"workflow"_s,
         u"FILE [--wait] | --image IMAGE-or-URL --device ID… --erase SERIAL-or-ID… "
         "[--sha256 HEX] [--wait]"_s,
         u"run the steps that a JSON file describes, or fetch an image, check it and write it"_s,
         workflow},
        {u"workflows"_s, {}, u"show all workflows"_s, workflows}};
}

} // namespace app
