#include "app/drayctl/readymade.h"

#include <QCommandLineParser>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QUrl>

namespace app {

using namespace Qt::StringLiterals;

namespace {

/// In a workflow a dollar sign begins the name of an output.
QString escaped(QString text)
{
    return text.replace(u'$', u"$$"_s);
}

QJsonObject checkStep(const QString &file, const QString &sha256)
{
    return {{u"name"_s, u"check"_s},
            {u"kind"_s, u"verify"_s},
            {u"file"_s, file},
            {u"sha256"_s, sha256}};
}

tl::expected<void, Complaint> checkDrives(const QCommandLineParser &options)
{
    if (!options.isSet(u"device"_s))
        return usageError(
            u"drayctl workflow: name the drive with --device, as `drayctl devices` shows "
            "it; nothing is chosen by itself"_s);
    if (options.isSet(u"erase"_s))
        return {};
    const QString drives = options.values(u"device"_s).join(u", "_s);
    return tl::unexpected(Complaint{
        ExitCode::Refused,
        u"drayctl workflow: everything on %1 would be erased; say yes with --erase SERIAL-or-ID, "
        "once per drive"_s.arg(drives)});
}

} // namespace

QList<QCommandLineOption> readyMadeOptions()
{
    return {
        {u"image"_s, u"Fetch <IMAGE>, check it, write it to drives."_s, u"IMAGE-or-URL"_s},
        {u"device"_s, u"Write to the drive <ID>; may be repeated."_s, u"ID"_s},
        {u"erase"_s, u"Yes, erase the drive with this <SERIAL-or-ID>; once per drive."_s,
         u"SERIAL-or-ID"_s},
        {u"sha256"_s, u"Check the image against <HEX>."_s, u"HEX"_s},
    };
}

tl::expected<QJsonObject, Complaint> readyMadePlan(const QCommandLineParser &options)
{
    if (const auto checked = checkDrives(options); !checked)
        return tl::unexpected(checked.error());
    const QString image = options.value(u"image"_s);
    const QString sha256 = options.value(u"sha256"_s);
    const bool isLink = image.contains("://"_L1);
    const QString file = isLink ? u"${fetch.file}"_s : escaped(QDir(image).absolutePath());
    QJsonArray steps;
    QJsonArray needs;
    if (isLink)
        steps.append(QJsonObject{
            {u"name"_s, u"fetch"_s}, {u"kind"_s, u"download"_s}, {u"url"_s, escaped(image)}});
    if (isLink || !sha256.isEmpty()) { // what was fetched is read again from the disk
        steps.append(checkStep(file, sha256.isEmpty() ? u"${fetch.sha256}"_s : sha256));
        needs.append(u"check"_s);
    }
    QJsonObject write{{u"name"_s, u"write"_s},
                      {u"kind"_s, u"flash"_s},
                      {u"image"_s, file},
                      {u"drives"_s, QJsonArray::fromStringList(options.values(u"device"_s))},
                      {u"erase"_s, QJsonArray::fromStringList(options.values(u"erase"_s))},
                      {u"needs"_s, needs}};
    if (!needs.isEmpty()) // what is written is what was checked
        write.insert(u"sha256"_s, u"${check.sha256}"_s);
    steps.append(write);
    const QString name = isLink ? QUrl(image).fileName() : QFileInfo(image).fileName();
    return QJsonObject{{u"title"_s, name}, {u"steps"_s, steps}};
}

} // namespace app
