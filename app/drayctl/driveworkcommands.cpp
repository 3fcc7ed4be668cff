#include "app/drayctl/addoptions.h"
#include "app/drayctl/printing.h"

#include <QCommandLineParser>
#include <QDir>

namespace app {

using namespace Qt::StringLiterals;

namespace {

QCommandLineOption waitOption()
{
    return {u"wait"_s, u"Wait until it has ended."_s};
}

/// What stands behind the command, when it is as much as `names` are.
tl::expected<QStringList, Complaint>
namesFrom(const QCommandLineParser &options, const Invocation &call, const QStringList &names)
{
    const QStringList given = options.positionalArguments();
    if (given.size() == names.size())
        return given;
    return usageError(
        u"drayctl %1: it takes %2, with the drive as `drayctl devices` shows it"_s.arg(
            call.command, names.join(u" and "_s)));
}

CommandResult read(const Invocation &call, Terminal &terminal)
{
    QCommandLineParser options;
    options.addOptions(
        {{u"compress"_s, u"Pack the image with zstd; FILE.zst means that too."_s}, waitOption()});
    if (const auto parsed = parseOptions(options, call); !parsed)
        return tl::unexpected(parsed.error());
    const auto names = namesFrom(options, call, {u"DRIVE"_s, u"FILE"_s});
    if (!names)
        return tl::unexpected(names.error());
    QJsonObject spec{{u"kind"_s, u"read"_s},
                     {u"drive"_s, names->at(0)},
                     {u"to"_s, QDir(names->at(1)).absolutePath()}};
    if (options.isSet(u"compress"_s))
        spec.insert(u"compress"_s, true);
    return addAndWatch(call, {{spec}, options.isSet(u"wait"_s)}, terminal);
}

CommandResult compare(const Invocation &call, Terminal &terminal)
{
    QCommandLineParser options;
    options.addOptions(
        {{u"sha256"_s, u"Check the image against <HEX>."_s, u"HEX"_s}, waitOption()});
    if (const auto parsed = parseOptions(options, call); !parsed)
        return tl::unexpected(parsed.error());
    const auto names = namesFrom(options, call, {u"DRIVE"_s, u"IMAGE"_s});
    if (!names)
        return tl::unexpected(names.error());
    QJsonObject spec{{u"kind"_s, u"compare"_s},
                     {u"drive"_s, names->at(0)},
                     {u"image"_s, QDir(names->at(1)).absolutePath()}};
    if (options.isSet(u"sha256"_s))
        spec.insert(u"sha256"_s, options.value(u"sha256"_s));
    return addAndWatch(call, {{spec}, options.isSet(u"wait"_s)}, terminal);
}

CommandResult format(const Invocation &call, Terminal &terminal)
{
    QCommandLineParser options;
    options.addOptions({
        {u"erase"_s, u"Yes, erase the drive with this <SERIAL-or-ID>."_s, u"SERIAL-or-ID"_s},
        {u"file-system"_s, u"Make this <KIND> of file system: exfat (the default) or fat32."_s,
         u"KIND"_s},
        {u"label"_s, u"Give it this <NAME>."_s, u"NAME"_s},
        waitOption(),
    });
    if (const auto parsed = parseOptions(options, call); !parsed)
        return tl::unexpected(parsed.error());
    const auto names = namesFrom(options, call, {u"DRIVE"_s});
    if (!names)
        return tl::unexpected(names.error());
    QJsonObject spec{{u"kind"_s, u"format"_s},
                     {u"drive"_s, names->at(0)},
                     {u"erase"_s, QJsonArray::fromStringList(options.values(u"erase"_s))}};
    if (options.isSet(u"file-system"_s))
        spec.insert(u"fileSystem"_s, options.value(u"file-system"_s));
    if (options.isSet(u"label"_s))
        spec.insert(u"label"_s, options.value(u"label"_s));
    return addAndWatch(call, {{spec}, options.isSet(u"wait"_s)}, terminal);
}

QString endingText(const QString &ending)
{
    if (ending == "ejected"_L1)
        return u"is ejected"_s;
    if (ending == "poweredOff"_L1)
        return u"is powered off and can be pulled out"_s;
    return u"is unmounted and can be pulled out"_s;
}

CommandResult eject(const Invocation &call, Terminal &terminal)
{
    QCommandLineParser options;
    if (const auto parsed = parseOptions(options, call); !parsed)
        return tl::unexpected(parsed.error());
    const auto names = namesFrom(options, call, {u"DRIVE"_s});
    if (!names)
        return tl::unexpected(names.error());
    const auto answer = callOnce(call, u"device.eject"_s, {{u"drive"_s, names->at(0)}});
    if (!answer)
        return tl::unexpected(answer.error());
    if (call.json)
        printJson(terminal, *answer);
    else
        terminal.out << names->at(0) << ' ' << endingText((*answer)[u"ending"_s].toString())
                     << ".\n";
    return ExitCode::Done;
}

} // namespace

QList<CommandEntry> driveWorkCommands()
{
    return {
        {u"read"_s, u"DRIVE FILE [--compress] [--wait]"_s,
         u"read a drive into an image, with a bmap and a checksum beside it"_s, read},
        {u"compare"_s, u"DRIVE IMAGE [--sha256 HEX] [--wait]"_s,
         u"say whether a drive holds an image"_s, compare},
        {u"format"_s,
         u"DRIVE --erase SERIAL-or-ID [--file-system exfat|fat32] [--label NAME] [--wait]"_s,
         u"make an empty drive of it; everything on it is lost"_s, format},
        {u"eject"_s, u"DRIVE"_s, u"make a drive safe to pull out"_s, eject},
    };
}

} // namespace app
