#include "app/drayctl/flashoptions.h"

#include "core/base/units.h"

#include <QDir>
#include <QJsonArray>

namespace app {

using namespace Qt::StringLiterals;

QList<QCommandLineOption> flashOptions()
{
    return {
        {u"device"_s, u"Write to the drive <ID>; may be repeated."_s, u"ID"_s},
        {u"erase"_s, u"Yes, erase the drive with this <SERIAL-or-ID>; once per drive."_s,
         u"SERIAL-or-ID"_s},
        {u"sha256"_s, u"Check the image against <HEX>."_s, u"HEX"_s},
        {u"bmap"_s,
         u"Write only what the bmap <FILE> maps; else IMAGE.bmap is used when it is there."_s,
         u"FILE"_s},
        {u"partition"_s, u"Write to the GPT partition <NAME> and to nothing else of the drive."_s,
         u"NAME"_s},
        {u"keep"_s, u"Keep the image that is downloaded from a URL."_s},
        {u"limit"_s, u"Write at most <RATE> bytes per second to each drive, such as 10M."_s,
         u"RATE"_s},
        {u"no-verify"_s, u"Do not read back what was written."_s},
    };
}

tl::expected<QJsonObject, Complaint>
flashSpecFrom(const Invocation &call, const QCommandLineParser &options, const QString &image)
{
    if (!options.isSet(u"device"_s))
        return usageError(
            u"drayctl %1: name the drive with --device, as `drayctl devices` shows it; "
            "nothing is chosen by itself"_s.arg(call.command));
    QJsonObject spec{{u"kind"_s, u"flash"_s},
                     {u"drives"_s, QJsonArray::fromStringList(options.values(u"device"_s))},
                     {u"erase"_s, QJsonArray::fromStringList(options.values(u"erase"_s))}};
    const bool isUrl = image.contains("://"_L1);
    spec.insert(isUrl ? u"url"_s : u"image"_s, isUrl ? image : QDir(image).absolutePath());
    for (const QString &option : {u"sha256"_s, u"partition"_s})
        if (options.isSet(option))
            spec.insert(option, options.value(option));
    if (options.isSet(u"bmap"_s))
        spec.insert(u"bmap"_s, QDir(options.value(u"bmap"_s)).absolutePath());
    if (options.isSet(u"limit"_s)) {
        const auto limit = core::parseBytes(options.value(u"limit"_s));
        if (!limit)
            return usageError(u"--limit: "_s + limit.error().context);
        spec.insert(u"bytesPerSecond"_s, *limit);
    }
    if (options.isSet(u"no-verify"_s))
        spec.insert(u"verify"_s, false);
    if (options.isSet(u"keep"_s))
        spec.insert(u"keep"_s, true);
    return spec;
}

} // namespace app
