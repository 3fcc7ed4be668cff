#include "app/drayctl/jobwatch.h"
#include "app/drayctl/printing.h"
#include "app/drayctl/requestoptions.h"
#include "app/drayctl/timetext.h"
#include "core/base/units.h"

#include <QCommandLineParser>
#include <QDir>

namespace app {

using namespace Qt::StringLiterals;

namespace {

using Options = QCommandLineParser;

/// Parses a command's own arguments; the text of a failure is a usage error.
tl::expected<void, Complaint> parse(Options &options, const Invocation &call)
{
    if (options.parse(QStringList{call.command} + call.arguments))
        return {};
    return usageError(u"drayctl %1: %2"_s.arg(call.command, options.errorText()));
}

tl::expected<QStringList, Complaint> parseIds(Options &options, const Invocation &call)
{
    if (const auto parsed = parse(options, call); !parsed)
        return tl::unexpected(parsed.error());
    const QStringList ids = options.positionalArguments();
    if (ids.isEmpty())
        return usageError(
            u"drayctl %1: which job? Give one or more ids, as `drayctl list` shows them"_s.arg(
                call.command));
    for (const QString &id : ids) {
        bool isNumber = false;
        if (id.toLongLong(&isNumber) <= 0 || !isNumber)
            return usageError(
                u"drayctl %1: \"%2\" is not a job id; an id is a number such as 12"_s.arg(
                    call.command, id));
    }
    return ids;
}

void printAnswers(const QJsonArray &answers, Terminal &terminal)
{
    printJson(terminal, answers.size() == 1 ? answers.first() : QJsonValue(answers));
}

/// Tells a person what one answer says.
using Print = std::function<void(const QString &id, const QJsonObject &answer)>;

/// Calls `method` for each id and tells how it went; Partly when only some were refused.
CommandResult forEachJob(const Invocation &call,
                         Terminal &terminal,
                         const QStringList &ids,
                         const QString &method,
                         const Print &print,
                         const QJsonObject &more = {})
{
    HubConnection hub;
    if (const auto hello = connectTo(hub, call); !hello)
        return tl::unexpected(hello.error());
    QList<QJsonObject> params;
    for (const QString &id : ids) {
        params.append(more);
        params.last().insert(u"job"_s, id);
    }
    QJsonArray answers;
    QList<Complaint> complaints;
    const auto answered = hub.callEach(method, params);
    for (qsizetype i = 0; i < ids.size(); ++i) {
        if (!answered[i]) {
            complaints.append(complaintFor(answered[i].error()));
            terminal.err << answered[i].error().message << '\n';
            continue;
        }
        answers.append(answered[i]->contains(u"job"_s) ? (*answered[i])[u"job"_s]
                                                       : QJsonValue(*answered[i]));
        if (!call.json)
            print(ids[i], *answered[i]);
    }
    if (call.json && !answers.isEmpty())
        printAnswers(answers, terminal);
    if (complaints.isEmpty())
        return ExitCode::Done;
    return complaints.size() < ids.size() ? ExitCode::Partly : complaints.first().code;
}

void addAddOptions(Options &options)
{
    options.addOptions({
        {u"to"_s, u"Save in <DIR>."_s, u"DIR"_s},
        {u"name"_s, u"Save as <NAME>."_s, u"NAME"_s},
        {u"sha256"_s, u"Check against <HEX>."_s, u"HEX"_s},
        {u"connections"_s, u"Use at most <N> connections (1 to 32)."_s, u"N"_s},
        {u"limit"_s, u"At most <RATE> per second, such as 500k or 2M."_s, u"RATE"_s},
        {u"header"_s, u"Send this header too; may be repeated."_s, u"K: V"_s},
        {u"paused"_s, u"Add without starting."_s},
        {u"start-at"_s, u"Wait until <TIME>, such as 23:30 or 2030-01-31T23:30."_s, u"TIME"_s},
        {u"wait"_s, u"Wait until the jobs have ended."_s},
    });
    options.addOptions(requestOptions());
}

tl::expected<QJsonObject, Complaint> headersOf(const Options &options)
{
    QJsonObject headers;
    for (const QString &line : options.values(u"header"_s)) {
        const qsizetype colon = line.indexOf(u':');
        if (colon <= 0)
            return usageError(u"--header \"%1\" is not \"Name: value\""_s.arg(line));
        headers.insert(line.left(colon).trimmed(), line.sliced(colon + 1).trimmed());
    }
    return headers;
}

tl::expected<QJsonObject, Complaint> specFrom(const Options &options)
{
    QJsonObject spec;
    if (options.isSet(u"to"_s))
        spec.insert(u"to"_s, QDir(options.value(u"to"_s)).absolutePath());
    if (options.isSet(u"name"_s))
        spec.insert(u"name"_s, options.value(u"name"_s));
    if (options.isSet(u"sha256"_s))
        spec.insert(u"sha256"_s, options.value(u"sha256"_s));
    if (options.isSet(u"paused"_s))
        spec.insert(u"paused"_s, true);
    if (options.isSet(u"connections"_s)) {
        bool isNumber = false;
        const int connections = options.value(u"connections"_s).toInt(&isNumber);
        if (!isNumber || connections < 1 || connections > 32)
            return usageError(u"--connections \"%1\" is not a number from 1 to 32"_s.arg(
                options.value(u"connections"_s)));
        spec.insert(u"connections"_s, connections);
    }
    if (options.isSet(u"limit"_s)) {
        const auto limit = core::parseBytes(options.value(u"limit"_s));
        if (!limit)
            return usageError(u"--limit: "_s + limit.error().context);
        spec.insert(u"bytesPerSecond"_s, *limit);
    }
    if (options.isSet(u"start-at"_s)) {
        const auto time = timeFrom(options.value(u"start-at"_s), QDateTime::currentDateTime());
        if (!time)
            return usageError(u"--start-at: "_s + time.error().context);
        spec.insert(u"startAt"_s, time->toMSecsSinceEpoch());
    }
    const auto headers = headersOf(options);
    if (!headers)
        return tl::unexpected(headers.error());
    if (!headers->isEmpty())
        spec.insert(u"headers"_s, *headers);
    if (const auto inserted = insertRequest(spec, options); !inserted)
        return tl::unexpected(inserted.error());
    return spec;
}

/// What `add` was told, ready to be sent.
struct AddRequest {
    QStringList urls;
    QJsonObject spec;
    bool wait = false;
};

tl::expected<AddRequest, Complaint> parseAdd(const Invocation &call)
{
    Options options;
    addAddOptions(options);
    if (const auto parsed = parse(options, call); !parsed)
        return tl::unexpected(parsed.error());
    const QStringList urls = options.positionalArguments();
    if (urls.isEmpty())
        return usageError(u"drayctl add: what shall be fetched? Give one or more URLs"_s);
    if (urls.size() > 1 && (options.isSet(u"name"_s) || options.isSet(u"sha256"_s)))
        return usageError(u"drayctl add: --name and --sha256 go with a single URL"_s);
    if (options.isSet(u"wait"_s) && options.isSet(u"paused"_s))
        return usageError(
            u"drayctl add: a paused job does not end, so --wait does not go with --paused"_s);
    const auto spec = specFrom(options);
    if (!spec)
        return tl::unexpected(spec.error());
    return AddRequest{urls, *spec, options.isSet(u"wait"_s)};
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
    QList<QJsonObject> params;
    for (const QString &url : request.urls) {
        params.append(request.spec);
        params.last().insert(u"url"_s, url);
    }
    Added added;
    for (const auto &answer : hub.callEach(u"job.add"_s, params)) {
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
    HubConnection hub;
    const auto hello = connectTo(hub, call);
    if (!hello)
        return tl::unexpected(hello.error());
    JobWatch watch(hub, *hello);
    if (request->wait)
        if (const auto subscribed = watch.subscribe(u"jobs"_s); !subscribed)
            return tl::unexpected(subscribed.error());

    const Added added = addAll(hub, *request, call, terminal);
    if (added.jobs.isEmpty())
        return added.refused->code;
    QStringList ids;
    for (const QJsonValue &job : added.jobs) {
        watch.take(job.toObject());
        ids.append(job[u"id"_s].toString());
    }
    if (call.json && !request->wait)
        printAnswers(added.jobs, terminal);
    const CommandResult ended =
        request->wait ? waitForEnd(watch, ids, call, terminal) : CommandResult(ExitCode::Done);
    return added.refused && ended == ExitCode::Done ? CommandResult(ExitCode::Partly) : ended;
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
    return forEachJob(call, terminal, *ids, u"job.get"_s,
                      [&terminal](const QString &, const QJsonObject &answer) {
                          printJobDetails(terminal, answer[u"job"_s].toObject());
                      });
}

CommandResult watch(const Invocation &call, Terminal &terminal)
{
    Options options;
    if (const auto parsed = parse(options, call); !parsed)
        return tl::unexpected(parsed.error());
    const QString onlyId = options.positionalArguments().value(0);
    HubConnection hub;
    const auto hello = connectTo(hub, call);
    if (!hello)
        return tl::unexpected(hello.error());
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
        terminal.out << u"job %1: %2"_s.arg(id, done) << '\n';
    };
}

Command commandFor(const QString &method, const QString &done)
{
    return [method, done](const Invocation &call, Terminal &terminal) -> CommandResult {
        Options options;
        const auto ids = parseIds(options, call);
        if (!ids)
            return tl::unexpected(ids.error());
        return forEachJob(call, terminal, *ids, method, told(terminal, done));
    };
}

CommandResult remove(const Invocation &call, Terminal &terminal)
{
    Options options;
    options.addOption({u"files"_s, u"Delete the downloaded files too."_s});
    const auto ids = parseIds(options, call);
    if (!ids)
        return tl::unexpected(ids.error());
    return forEachJob(call, terminal, *ids, u"job.remove"_s, told(terminal, u"removed"_s),
                      {{u"files"_s, options.isSet(u"files"_s)}});
}

} // namespace

QList<CommandEntry> jobCommands()
{
    return {
        {u"add"_s,
         u"URL… [--to DIR] [--name NAME] [--sha256 HEX] [--connections N] [--limit RATE] [--header 'K: V'] [--user-agent TEXT] [--referer URL] [--cookies FILE] [--user NAME[:PASSWORD]] [--netrc] [--netrc-file FILE] [--proxy URL] [--paused] [--start-at TIME] [--wait]"_s,
         u"fetch files"_s, add},
        {u"list"_s, {}, u"show all jobs"_s, list},
        {u"show"_s, u"ID…"_s, u"show all that is known of jobs"_s, show},
        {u"watch"_s, u"[ID]"_s, u"show jobs live"_s, watch},
        {u"pause"_s, u"ID…"_s, u"stop and keep what is on disk"_s,
         commandFor(u"job.pause"_s, u"pausing"_s)},
        {u"resume"_s, u"ID…"_s, u"go on with paused jobs"_s,
         commandFor(u"job.resume"_s, u"queued"_s)},
        {u"cancel"_s, u"ID…"_s, u"stop and discard"_s, commandFor(u"job.cancel"_s, u"canceling"_s)},
        {u"retry"_s, u"ID…"_s, u"try ended jobs again"_s,
         commandFor(u"job.retry"_s, u"queued again"_s)},
        {u"remove"_s, u"ID… [--files]"_s, u"forget ended jobs"_s, remove},
    };
}

} // namespace app
