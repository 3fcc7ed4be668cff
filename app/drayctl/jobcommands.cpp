#include "app/drayctl/addoptions.h"
#include "app/drayctl/jobwatch.h"
#include "app/drayctl/printing.h"
#include "app/drayctl/stopwait.h"
#include "app/drayctl/workflowwatch.h"

#include <QCommandLineParser>

namespace app {

using namespace Qt::StringLiterals;

namespace {

using Options = QCommandLineParser;

tl::expected<QStringList, Complaint> parseIds(Options &options, const Invocation &call)
{
    if (const auto parsed = parseOptions(options, call); !parsed)
        return tl::unexpected(parsed.error());
    const QStringList ids = options.positionalArguments();
    if (ids.isEmpty())
        return usageError(
            u"drayctl %1: which job? Give one or more ids, as `drayctl list` shows them"_s.arg(
                call.command));
    for (const QString &id : ids) {
        bool isNumber = false;
        const bool isJob = id.toLongLong(&isNumber) > 0 && isNumber;
        if (!isJob && !isWorkflowId(id))
            return usageError(u"drayctl %1: \"%2\" is not the id of a job, such as 12, or of a "
                              "workflow, such as w3"_s.arg(call.command, id));
    }
    return ids;
}

void printAnswers(const QJsonArray &answers, Terminal &terminal)
{
    printJson(terminal, answers.size() == 1 ? answers.first() : QJsonValue(answers));
}

/// Tells a person what one answer says.
using Print = std::function<void(const QString &id, const QJsonObject &answer)>;

/// "job.pause" of a job, "workflow.pause" of a workflow.
HubConnection::Call callFor(const QString &id, const QString &verb, QJsonObject params)
{
    const QString what = isWorkflowId(id) ? u"workflow"_s : u"job"_s;
    params.insert(what, id);
    return {what + u'.' + verb, params};
}

/// The answer with its job as it is when it has stopped, if it was told to.
tl::expected<QJsonObject, Complaint> whenStopped(StopWait &stops,
                                                 const HubConnection::Answer<QJsonObject> &answer)
{
    if (!answer)
        return tl::unexpected(complaintFor(answer.error()));
    const auto job = stops.waitFor((*answer)[u"job"_s].toObject());
    if (!job)
        return tl::unexpected(job.error());
    QJsonObject stopped = *answer;
    if (!job->isEmpty())
        stopped.insert(u"job"_s, *job);
    return stopped;
}

/// Calls `verb` for each id and tells how it went; Partly when only some were refused.
CommandResult forEachJob(const Invocation &call,
                         Terminal &terminal,
                         const QStringList &ids,
                         const QString &verb,
                         const Print &print,
                         const QJsonObject &more = {})
{
    HubConnection hub;
    const auto hello = connectTo(hub, call);
    if (!hello)
        return tl::unexpected(hello.error());
    StopWait stops(hub, *hello, verb, ids);
    QList<HubConnection::Call> calls;
    for (const QString &id : ids)
        calls.append(callFor(id, verb, more));
    QJsonArray answers;
    QList<Complaint> complaints;
    const auto answered = hub.callEach(calls);
    for (qsizetype i = 0; i < ids.size(); ++i) {
        const auto answer = whenStopped(stops, answered[i]);
        if (!answer) {
            complaints.append(answer.error());
            terminal.err << answer.error().message << '\n';
            continue;
        }
        const QString what = isWorkflowId(ids[i]) ? u"workflow"_s : u"job"_s;
        answers.append(answer->contains(what) ? (*answer)[what] : QJsonValue(*answer));
        if (!call.json)
            print(ids[i], *answer);
    }
    if (call.json && !answers.isEmpty())
        printAnswers(answers, terminal);
    if (complaints.isEmpty())
        return ExitCode::Done;
    return complaints.size() < ids.size() ? ExitCode::Partly : complaints.first().code;
}

/// What became of the URLs: the jobs that were made, and the last refusal.
struct Added {
    QJsonArray jobs;
    std::optional<Complaint> refused;
};

Added addAll(HubConnection &hub,
             const AddRequest &request,
             const Invocation &call,
             Terminal &terminal)
{
    Added added;
    QList<HubConnection::Call> calls;
    for (const QJsonObject &spec : request.specs)
        calls.append({u"job.add"_s, spec});
    for (const auto &answer : hub.callEach(calls)) {
        if (!answer) {
            added.refused = complaintFor(answer.error());
            terminal.err << added.refused->message << '\n';
            continue;
        }
        const QJsonObject job = (*answer)[u"job"_s].toObject();
        added.jobs.append(job);
        if (!call.json)
            terminal.out << u"job %1: added %2"_s.arg(job[u"id"_s].toString(),
                                                      job[u"title"_s].toString())
                         << '\n';
    }
    terminal.out.flush();
    return added;
}

CommandResult add(const Invocation &call, Terminal &terminal)
{
    const auto request = parseAdd(call);
    if (!request)
        return tl::unexpected(request.error());
    return addAndWatch(call, *request, terminal);
}

CommandResult list(const Invocation &call, Terminal &terminal)
{
    HubConnection hub;
    if (const auto hello = connectTo(hub, call); !hello)
        return tl::unexpected(hello.error());
    QJsonArray jobs;
    QJsonObject page;
    do {
        const QJsonObject params =
            page.isEmpty() ? QJsonObject() : QJsonObject{{u"before"_s, page[u"next"_s]}};
        const auto answer = hub.call(u"job.list"_s, params);
        if (!answer)
            return tl::unexpected(complaintFor(answer.error()));
        page = *answer;
        for (const QJsonValue &job : page[u"jobs"_s].toArray())
            jobs.append(job);
    } while (page.contains(u"next"_s));
    if (call.json)
        printJson(terminal, jobs);
    else
        printJobTable(terminal, jobs);
    return ExitCode::Done;
}

CommandResult show(const Invocation &call, Terminal &terminal)
{
    Options options;
    const auto ids = parseIds(options, call);
    if (!ids)
        return tl::unexpected(ids.error());
    return forEachJob(call, terminal, *ids, u"get"_s,
                      [&terminal](const QString &id, const QJsonObject &answer) {
                          if (isWorkflowId(id))
                              printWorkflow(terminal, answer[u"workflow"_s].toObject());
                          else
                              printJobDetails(terminal, answer[u"job"_s].toObject());
                      });
}

CommandResult watch(const Invocation &call, Terminal &terminal)
{
    Options options;
    if (const auto parsed = parseOptions(options, call); !parsed)
        return tl::unexpected(parsed.error());
    const QString onlyId = options.positionalArguments().value(0);
    HubConnection hub;
    const auto hello = connectTo(hub, call);
    if (!hello)
        return tl::unexpected(hello.error());
    if (isWorkflowId(onlyId))
        return watchWorkflow(hub, onlyId, call, terminal);
    JobWatch jobs(hub, *hello);
    const auto ids = jobs.subscribe(onlyId.isEmpty() ? u"jobs"_s : u"job:"_s + onlyId);
    if (!ids)
        return tl::unexpected(ids.error());
    QJsonArray known;
    for (const QString &id : *ids)
        known.append(jobs.job(id));
    if (!call.json)
        printJobTable(terminal, known);
    for (const QJsonValue &job : std::as_const(known))
        if (call.json)
            printJson(terminal, job);
    terminal.out.flush();
    return showLive(jobs, onlyId, call, terminal);
}

/// "job 12: paused"
Print told(Terminal &terminal, const QString &done)
{
    return [&terminal, done](const QString &id, const QJsonObject &) {
        terminal.out << (isWorkflowId(id) ? u"workflow %1: %2"_s : u"job %1: %2"_s).arg(id, done)
                     << '\n';
    };
}

Command commandFor(const QString &verb, const QString &done)
{
    return [verb, done](const Invocation &call, Terminal &terminal) -> CommandResult {
        Options options;
        const auto ids = parseIds(options, call);
        if (!ids)
            return tl::unexpected(ids.error());
        const Print job = told(terminal, done);
        const Print workflow = told(terminal, verb + u" asked for"_s);
        return forEachJob(call, terminal, *ids, verb,
                          [job, workflow](const QString &id, const QJsonObject &answer) {
                              (isWorkflowId(id) ? workflow : job)(id, answer);
                          });
    };
}

CommandResult remove(const Invocation &call, Terminal &terminal)
{
    Options options;
    options.addOption({u"files"_s, u"Delete the downloaded files too."_s});
    const auto ids = parseIds(options, call);
    if (!ids)
        return tl::unexpected(ids.error());
    return forEachJob(call, terminal, *ids, u"remove"_s, told(terminal, u"removed"_s),
                      {{u"files"_s, options.isSet(u"files"_s)}});
}

} // namespace

CommandResult addAndWatch(const Invocation &call, const AddRequest &request, Terminal &terminal)
{
    HubConnection hub;
    const auto hello = connectTo(hub, call);
    if (!hello)
        return tl::unexpected(hello.error());
    JobWatch watch(hub, *hello);
    if (request.wait)
        if (const auto subscribed = watch.subscribe(u"jobs"_s); !subscribed)
            return tl::unexpected(subscribed.error());

    const Added added = addAll(hub, request, call, terminal);
    if (added.jobs.isEmpty())
        return added.refused->code;
    QStringList ids;
    for (const QJsonValue &job : added.jobs) {
        watch.take(job.toObject());
        ids.append(job[u"id"_s].toString());
    }
    if (call.json && !request.wait)
        printAnswers(added.jobs, terminal);
    const CommandResult ended =
        request.wait ? waitForEnd(watch, ids, call, terminal) : CommandResult(ExitCode::Done);
    return added.refused && ended == ExitCode::Done ? CommandResult(ExitCode::Partly) : ended;
}

QList<CommandEntry> jobCommands()
{
    return {
        {u"add"_s, addSynopsis(), u"fetch files"_s, add},
        {u"list"_s, {}, u"show all jobs"_s, list},
        {u"show"_s, u"ID…"_s, u"show all that is known of jobs"_s, show},
        {u"watch"_s, u"[ID]"_s, u"show jobs live"_s, watch},
        {u"pause"_s, u"ID…"_s, u"stop and keep what is on disk"_s,
         commandFor(u"pause"_s, u"paused"_s)},
        {u"resume"_s, u"ID…"_s, u"go on with paused jobs"_s, commandFor(u"resume"_s, u"queued"_s)},
        {u"cancel"_s, u"ID…"_s, u"stop and discard"_s, commandFor(u"cancel"_s, u"canceled"_s)},
        {u"retry"_s, u"ID…"_s, u"try ended jobs again"_s,
         commandFor(u"retry"_s, u"queued again"_s)},
        {u"remove"_s, u"ID… [--files]"_s, u"forget ended jobs"_s, remove},
    };
}

} // namespace app
