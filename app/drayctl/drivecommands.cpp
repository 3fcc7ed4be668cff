#include "app/drayctl/addoptions.h"
#include "app/drayctl/jobwatch.h"
#include "app/drayctl/printing.h"

#include <QCommandLineParser>
#include <QDir>
#include <QLocale>

namespace app {

using namespace Qt::StringLiterals;

namespace {

QString driveLine(const QJsonObject &drive)
{
    const QString maker =
        u"%1 %2"_s.arg(drive[u"vendor"_s].toString(), drive[u"model"_s].toString()).simplified();
    const QString size =
        QLocale::c().formattedDataSize(drive[u"size"_s].toInteger(), 1, QLocale::DataSizeSIFormat);
    QStringList notes;
    if (const QString reason = drive[u"reason"_s].toString(); !reason.isEmpty())
        notes.append(reason);
    for (const QJsonValue point : drive[u"mounted"_s].toArray())
        notes.append(u"mounted at "_s + point.toString());
    return u"%1  %2  %3  %4  %5  %6"_s.arg(
        drive[u"selectable"_s].toBool() ? u"can be written "_s : u"is not written"_s,
        drive[u"path"_s].toString(), size, drive[u"id"_s].toString(),
        maker.isEmpty() ? u"-"_s : maker, notes.join(u"; "_s));
}

CommandResult devices(const Invocation &call, Terminal &terminal)
{
    if (!call.arguments.isEmpty())
        return usageError(u"drayctl devices: it takes no arguments"_s);
    const auto answer = callOnce(call, u"device.list"_s);
    if (!answer)
        return tl::unexpected(answer.error());
    const QJsonArray drives = (*answer)[u"drives"_s].toArray();
    if (call.json) {
        printJson(terminal, drives);
        return ExitCode::Done;
    }
    for (const QJsonValue drive : drives)
        terminal.out << driveLine(drive.toObject()).trimmed() << '\n';
    if (drives.isEmpty())
        terminal.out << "There is no drive.\n";
    return ExitCode::Done;
}

tl::expected<QJsonObject, Complaint> flashSpecFrom(const QCommandLineParser &options)
{
    const QStringList images = options.positionalArguments();
    if (images.size() != 1)
        return usageError(u"drayctl flash: name one image or URL"_s);
    if (!options.isSet(u"device"_s))
        return usageError(
            u"drayctl flash: name the drive with --device, as `drayctl devices` shows "
            "it; nothing is chosen by itself"_s);
    QJsonObject spec{{u"kind"_s, u"flash"_s},
                     {u"drives"_s, QJsonArray::fromStringList(options.values(u"device"_s))},
                     {u"erase"_s, QJsonArray::fromStringList(options.values(u"erase"_s))}};
    const bool isUrl = images.constFirst().contains("://"_L1);
    spec.insert(isUrl ? u"url"_s : u"image"_s,
                isUrl ? images.constFirst() : QDir(images.constFirst()).absolutePath());
    for (const QString &option : {u"sha256"_s, u"partition"_s})
        if (options.isSet(option))
            spec.insert(option, options.value(option));
    if (options.isSet(u"bmap"_s))
        spec.insert(u"bmap"_s, QDir(options.value(u"bmap"_s)).absolutePath());
    if (options.isSet(u"no-verify"_s))
        spec.insert(u"verify"_s, false);
    if (options.isSet(u"keep"_s))
        spec.insert(u"keep"_s, true);
    return spec;
}

CommandResult flash(const Invocation &call, Terminal &terminal)
{
    QCommandLineParser options;
    options.addOptions({
        {u"device"_s, u"Write to the drive <ID>; may be repeated."_s, u"ID"_s},
        {u"erase"_s, u"Yes, erase the drive with this <SERIAL-or-ID>; once per drive."_s,
         u"SERIAL-or-ID"_s},
        {u"sha256"_s, u"Check the image against <HEX>."_s, u"HEX"_s},
        {u"bmap"_s, u"Write what the bmap <FILE> names."_s, u"FILE"_s},
        {u"partition"_s, u"Write to the partition <NAME> only."_s, u"NAME"_s},
        {u"keep"_s, u"Keep the image that is downloaded from a URL."_s},
        {u"no-verify"_s, u"Do not read back what was written."_s},
        {u"wait"_s, u"Wait until it has ended."_s},
    });
    if (const auto parsed = parseOptions(options, call); !parsed)
        return tl::unexpected(parsed.error());
    const auto spec = flashSpecFrom(options);
    if (!spec)
        return tl::unexpected(spec.error());
    return addAndWatch(call, {{*spec}, options.isSet(u"wait"_s)}, terminal);
}

} // namespace

QList<CommandEntry> driveCommands()
{
    return {
        {u"devices"_s, {}, u"show the drives of this computer"_s, devices},
        {u"flash"_s,
         u"IMAGE-or-URL --device ID… --erase SERIAL-or-ID… [--sha256 HEX] [--keep] "
         "[--no-verify] [--wait]"_s,
         u"write an image to drives; everything on them is lost"_s, flash},
    };
}

} // namespace app
