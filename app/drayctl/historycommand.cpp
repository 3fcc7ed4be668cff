#include "app/drayctl/addoptions.h"
#include "app/drayctl/printing.h"
#include "ui/text/formatting.h"

#include <QCommandLineParser>

namespace app {

using namespace Qt::StringLiterals;

namespace {

constexpr int ShownByDefault = 50;

QString speedText(const QJsonObject &drive, const QString &member, const QString &name)
{
    const qint64 rate = drive[member].toInteger();
    return rate > 0 ? u", %1 %2"_s.arg(name, ui::formatRate(rate)) : QString();
}

QString driveText(const QJsonObject &drive)
{
    if (drive.isEmpty())
        return {};
    const QString serial = drive[u"serial"_s].toString();
    const qint64 rewrites = drive[u"rewrites"_s].toInteger();
    return u" to %1%2%3%4%5"_s.arg(drive[u"id"_s].toString(),
                                   serial.isEmpty() ? QString() : u" (serial %1)"_s.arg(serial),
                                   speedText(drive, u"writeBytesPerSecond"_s, u"written at"_s),
                                   speedText(drive, u"verifyBytesPerSecond"_s, u"verified at"_s),
                                   rewrites > 0 ? u", %1 rewrites"_s.arg(rewrites) : QString());
}

QString historyLine(const QJsonObject &entry)
{
    const QString error = entry[u"error"_s].toObject()[u"message"_s].toString();
    return u"%1  %2  %3  %4%5%6"_s.arg(
        ui::formatTime(entry[u"finishedAt"_s].toInteger()),
        entry[u"verdict"_s].toString().leftJustified(10),
        ui::formatBytes(entry[u"bytes"_s].toInteger()), entry[u"title"_s].toString(),
        driveText(entry[u"drive"_s].toObject()), error.isEmpty() ? QString() : u": "_s + error);
}

/// As many as `limit` says, over as many pages as their links make it.
tl::expected<QJsonArray, Complaint> entriesOf(const Invocation &call, QJsonObject params, int limit)
{
    HubConnection hub;
    if (const auto hello = connectTo(hub, call); !hello)
        return tl::unexpected(hello.error());
    QJsonArray entries;
    QJsonObject page;
    do {
        params.insert(u"limit"_s, limit - entries.size());
        const auto answer = hub.call(u"history.list"_s, params);
        if (!answer)
            return tl::unexpected(complaintFor(answer.error()));
        page = *answer;
        for (const QJsonValue &entry : page[u"history"_s].toArray())
            entries.append(entry);
        params.insert(u"before"_s, page[u"next"_s]);
    } while (page.contains(u"next"_s) && entries.size() < limit);
    return entries;
}

CommandResult history(const Invocation &call, Terminal &terminal)
{
    QCommandLineParser options;
    options.addOptions({{u"limit"_s, u"Show the latest <N>."_s, u"N"_s},
                        {u"before"_s, u"Show what is older than the entry <ID>."_s, u"ID"_s}});
    if (const auto parsed = parseOptions(options, call); !parsed)
        return tl::unexpected(parsed.error());
    if (!options.positionalArguments().isEmpty())
        return usageError(u"drayctl history: it takes no arguments"_s);
    bool isNumber = true;
    const int limit =
        options.isSet(u"limit"_s) ? options.value(u"limit"_s).toInt(&isNumber) : ShownByDefault;
    if (!isNumber)
        return usageError(u"drayctl history: --limit needs a number"_s);
    QJsonObject params;
    if (options.isSet(u"before"_s))
        params.insert(u"before"_s, options.value(u"before"_s));
    const auto entries = entriesOf(call, params, limit);
    if (!entries)
        return tl::unexpected(entries.error());
    if (call.json) {
        printJson(terminal, *entries);
        return ExitCode::Done;
    }
    for (const QJsonValue entry : *entries)
        terminal.out << historyLine(entry.toObject()) << '\n';
    if (entries->isEmpty())
        terminal.out << "Nothing has ended yet.\n";
    return ExitCode::Done;
}

} // namespace

QList<CommandEntry> historyCommands()
{
    return {{u"history"_s, u"[--limit N] [--before ID]"_s,
             u"show what was downloaded and written, also when its job was removed"_s, history}};
}

} // namespace app
