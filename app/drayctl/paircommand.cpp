#include "app/drayctl/command.h"
#include "app/drayctl/printing.h"

#include <QCommandLineParser>
#include <QDeadlineTimer>
#include <QFile>
#include <QJsonArray>
#include <QThread>

namespace app {

using namespace Qt::StringLiterals;

namespace {

constexpr auto LookAgainAfter = std::chrono::seconds(1);
constexpr auto WaitForAsker = std::chrono::minutes(10);

/// Who waits, with that code; any code when it is empty. Undefined when nobody does.
QJsonObject oneOf(const QJsonArray &pairings, const QString &code)
{
    for (const QJsonValue pairing : pairings)
        if (code.isEmpty() || pairing[u"code"_s] == code)
            return pairing.toObject();
    return {};
}

HubConnection::Answer<QJsonObject> waitForAsker(HubConnection &hub, const QString &code)
{
    const QDeadlineTimer deadline(WaitForAsker);
    for (;;) {
        const auto answer = hub.call(u"pair.list"_s);
        if (!answer)
            return tl::unexpected(answer.error());
        const QJsonObject asker = oneOf((*answer)[u"pairings"_s].toArray(), code);
        if (!asker.isEmpty() || deadline.hasExpired())
            return asker;
        QThread::sleep(LookAgainAfter.count());
    }
}

bool saysYes(const QJsonObject &asker, Terminal &terminal)
{
    terminal.out << u"\"%1\" (%2) wants to be let in: to see, add and control jobs.\n"
                    "It shows the code %3. Is that the code you see there? [y/N] "_s.arg(
                        asker[u"name"_s].toString(), asker[u"kind"_s].toString(),
                        asker[u"code"_s].toString());
    terminal.out.flush();
    QTextStream input(stdin);
    const QString answer = input.readLine().trimmed();
    return answer.compare("y"_L1, Qt::CaseInsensitive) == 0
        || answer.compare("yes"_L1, Qt::CaseInsensitive) == 0;
}

/// Whether the hub did as it was told; the asker is let in then, or it fails with `Refused`.
CommandResult answerAsker(HubConnection &hub, const QJsonObject &asker, const bool isYes)
{
    const auto answered =
        hub.call(isYes ? u"pair.accept"_s : u"pair.refuse"_s, {{u"pairing"_s, asker[u"id"_s]}});
    if (!answered)
        return tl::unexpected(complaintFor(answered.error()));
    if (!isYes)
        return tl::unexpected(Complaint{ExitCode::Refused, u"not let in"_s});
    return ExitCode::Done;
}

CommandResult pair(const Invocation &call, Terminal &terminal)
{
    QCommandLineParser options;
    options.addOption(
        {u"code"_s, u"Let in who shows the code <DIGITS>, without asking."_s, u"DIGITS"_s});
    if (!options.parse(QStringList{call.command} + call.arguments))
        return usageError(options.errorText());
    if (!options.positionalArguments().isEmpty())
        return usageError(u"drayctl pair: it takes no arguments"_s);
    HubConnection hub;
    if (const auto hello = connectTo(hub, call); !hello)
        return tl::unexpected(hello.error());
    const QString code = options.value(u"code"_s);
    const auto asker = waitForAsker(hub, code);
    if (!asker)
        return tl::unexpected(complaintFor(asker.error()));
    if (asker->isEmpty())
        return tl::unexpected(Complaint{ExitCode::Failed, u"nobody asked to be let in"_s});
    const bool isYes = !code.isEmpty() || saysYes(*asker, terminal);
    const auto answered = answerAsker(hub, *asker, isYes);
    if (answered && call.json)
        printJson(terminal, *asker);
    else if (answered)
        terminal.out << u"\"%1\" is let in. `drayctl token list` shows it, `drayctl token revoke` "
                        "ends it.\n"_s.arg((*asker)[u"name"_s].toString());
    return answered;
}

} // namespace

QList<CommandEntry> pairCommands()
{
    return {{u"pair"_s, u"[--code DIGITS]"_s,
             u"wait for a program that asks to be let in, and answer it"_s, pair}};
}

} // namespace app
