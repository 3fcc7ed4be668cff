#include "app/drayctl/printing.h"

#include <QCommandLineParser>
#include <QDateTime>

namespace app {

using namespace Qt::StringLiterals;

namespace {

void printStatus(const QJsonObject &status, Terminal &terminal)
{
    const QJsonObject server = status[u"server"_s].toObject();
    terminal.out << "Dray " << server[u"version"_s].toString() << " at "
                 << status[u"url"_s].toString() << ", process " << status[u"pid"_s].toInteger()
                 << '\n';
    const QJsonObject jobs = status[u"metrics"_s].toObject()[u"jobs"_s].toObject();
    for (auto it = jobs.begin(); it != jobs.end(); ++it)
        terminal.out << (it.key() + u':').leftJustified(12) << it->toInteger() << '\n';
}

CommandResult status(const Invocation &call, Terminal &terminal)
{
    HubConnection hub;
    const auto hello = connectTo(hub, call);
    if (!hello)
        return tl::unexpected(hello.error());
    const auto metrics = hub.call(u"metrics.get"_s);
    if (!metrics)
        return tl::unexpected(complaintFor(metrics.error()));
    const QJsonObject status{{u"server"_s, (*hello)[u"server"_s]},
                             {u"url"_s, hub.endpoint().url.toString()},
                             {u"pid"_s, hub.endpoint().pid},
                             {u"epoch"_s, (*hello)[u"epoch"_s]},
                             {u"metrics"_s, *metrics}};
    if (call.json)
        printJson(terminal, status);
    else
        printStatus(status, terminal);
    return ExitCode::Done;
}

CommandResult page(const Invocation &call, Terminal &terminal)
{
    const auto link = callOnce(call, u"session.link"_s);
    if (!link)
        return tl::unexpected(link.error());
    if (call.json)
        printJson(terminal, *link);
    else
        terminal.out << (*link)[u"url"_s].toString() << '\n';
    return ExitCode::Done;
}

CommandResult addToken(const Invocation &call, const QStringList &arguments, Terminal &terminal)
{
    QCommandLineParser options;
    options.addOption({u"scope"_s, u"What it may do; may be repeated."_s, u"SCOPE"_s});
    options.addOption({u"owner"_s, u"Fence it to the jobs of <NAME>."_s, u"NAME"_s});
    if (!options.parse(QStringList{call.command} + arguments))
        return usageError(options.errorText());
    if (options.positionalArguments().size() != 1)
        return usageError(u"drayctl token add: give the token one name"_s);
    QJsonObject params{{u"name"_s, options.positionalArguments().constFirst()}};
    if (options.isSet(u"scope"_s)) {
        const QString scopes = options.values(u"scope"_s).join(u',');
        params.insert(u"scopes"_s,
                      QJsonArray::fromStringList(scopes.split(u',', Qt::SkipEmptyParts)));
    }
    if (options.isSet(u"owner"_s))
        params.insert(u"owner"_s, options.value(u"owner"_s));
    const auto made = callOnce(call, u"token.add"_s, params);
    if (!made)
        return tl::unexpected(made.error());
    if (call.json)
        printJson(terminal, *made);
    else
        terminal.out << (*made)[u"token"_s].toString() << '\n';
    return ExitCode::Done;
}

QString timeOrDash(const QJsonValue &milliseconds)
{
    const qint64 time = milliseconds.toInteger();
    return time == 0 ? u"-"_s : QDateTime::fromMSecsSinceEpoch(time).toString(Qt::ISODate);
}

CommandResult listTokens(const Invocation &call, Terminal &terminal)
{
    const auto answer = callOnce(call, u"token.list"_s);
    if (!answer)
        return tl::unexpected(answer.error());
    const QJsonArray tokens = (*answer)[u"tokens"_s].toArray();
    if (call.json) {
        printJson(terminal, tokens);
        return ExitCode::Done;
    }
    for (const QJsonValue &token : tokens) {
        QStringList scopes;
        for (const QJsonValue &scope : token[u"scopes"_s].toArray())
            scopes.append(scope.toString());
        terminal.out << u"%1  %2  owner %3  %4  last used %5"_s.arg(
            token[u"id"_s].toString(), token[u"name"_s].toString(), token[u"owner"_s].toString(),
            scopes.join(u','), timeOrDash(token[u"lastUsedAt"_s]))
                     << '\n';
    }
    return ExitCode::Done;
}

CommandResult revokeToken(const Invocation &call, const QStringList &arguments, Terminal &terminal)
{
    if (arguments.size() != 1)
        return usageError(u"drayctl token revoke: give one id, as `drayctl token list` shows it"_s);
    const auto answer = callOnce(call, u"token.revoke"_s, {{u"id"_s, arguments.first()}});
    if (!answer)
        return tl::unexpected(answer.error());
    if (call.json)
        printJson(terminal, *answer);
    return ExitCode::Done;
}

CommandResult token(const Invocation &call, Terminal &terminal)
{
    const QString verb = call.arguments.value(0);
    const QStringList rest = call.arguments.mid(1);
    if (verb == "add"_L1)
        return addToken(call, rest, terminal);
    if (verb == "list"_L1)
        return listTokens(call, terminal);
    if (verb == "revoke"_L1)
        return revokeToken(call, rest, terminal);
    return usageError(u"drayctl token: \"%1\" is not one of add, list, revoke"_s.arg(verb));
}

CommandResult settings(const Invocation &call, Terminal &terminal)
{
    const qsizetype count = call.arguments.size();
    if (count > 2)
        return usageError(u"drayctl settings: give a key, and its value to change it"_s);
    QJsonObject params;
    if (count > 0)
        params.insert(u"key"_s, call.arguments[0]);
    if (count > 1)
        params.insert(u"value"_s, call.arguments[1]);
    const auto answer = callOnce(call, count > 1 ? u"settings.set"_s : u"settings.get"_s, params);
    if (!answer)
        return tl::unexpected(answer.error());
    const QJsonObject one{{answer->value(u"key"_s).toString(), answer->value(u"value"_s)}};
    const QJsonObject shown = count > 0 ? one : answer->value(u"settings"_s).toObject();
    if (call.json)
        printJson(terminal, shown);
    else
        for (auto it = shown.begin(); it != shown.end(); ++it)
            terminal.out << it.key() << " = " << it->toVariant().toString() << '\n';
    return ExitCode::Done;
}

} // namespace

QList<CommandEntry> hubCommands()
{
    return {
        {u"status"_s, {}, u"show how the hub is"_s, status},
        {u"page"_s,
         {},
         u"print an address that opens the page signed in, once, within 60 s"_s,
         page},
        {u"settings"_s, u"[KEY [VALUE]]"_s, u"show the settings, or change one"_s, settings},
        {u"token"_s, u"add NAME [--scope SCOPE…] [--owner NAME] | list | revoke ID"_s,
         u"let programs in"_s, token},
    };
}

} // namespace app
