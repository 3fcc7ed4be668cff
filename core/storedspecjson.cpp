#include "core/storedspecjson.h"

#include "core/download/afteractionjson.h"
#include "core/download/downloadspecjson.h"
#include "core/download/mediaspecjson.h"
#include "core/flash/flashspecjson.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace core {

using namespace Qt::StringLiterals;

namespace {

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

Result<QJsonObject> objectFrom(const QByteArray &stored)
{
    const QJsonDocument document = QJsonDocument::fromJson(stored);
    if (!document.isObject())
        return fail(ErrorCode::InvalidArgument, u"the stored spec is not a JSON object"_s);
    return document.object();
}

QJsonObject agreedImage(const ImageIdentity &image)
{
    return {{u"source"_s, image.source},
            {u"size"_s, image.size},
            {u"modifiedAt"_s, image.modifiedAt},
            {u"sha256"_s, image.sha256},
            {u"device"_s, qint64(image.device)},
            {u"inode"_s, qint64(image.inode)},
            {u"bmap"_s, image.bmap}};
}

ImageIdentity agreedImageFrom(const QJsonObject &object)
{
    return {.source = object["source"_L1].toString(),
            .size = object["size"_L1].toInteger(-1),
            .modifiedAt = object["modifiedAt"_L1].toInteger(),
            .sha256 = object["sha256"_L1].toString(),
            .device = quint64(object["device"_L1].toInteger()),
            .inode = quint64(object["inode"_L1].toInteger()),
            .bmap = object["bmap"_L1].toString()};
}

QJsonArray tracesJson(const QList<DriveTrace> &traces)
{
    QJsonArray array;
    for (const DriveTrace &trace : traces) {
        QJsonObject object{{u"id"_s, trace.id}};
        if (!trace.isTouched)
            object.insert("untouched"_L1, true);
        if (!trace.contents.isEmpty())
            object.insert("contents"_L1, trace.contents);
        if (trace.writtenSectors)
            object.insert("writtenSectors"_L1, *trace.writtenSectors);
        array.append(object);
    }
    return array;
}

QList<DriveTrace> tracesFrom(const QJsonArray &array)
{
    QList<DriveTrace> traces;
    for (const QJsonValue value : array) {
        const qint64 sectors = value["writtenSectors"_L1].toInteger(-1);
        traces.append({.id = value["id"_L1].toString(),
                       .contents = value["contents"_L1].toString(),
                       .writtenSectors = sectors < 0 ? std::nullopt : std::optional(sectors),
                       .isTouched = !value["untouched"_L1].toBool()});
    }
    return traces;
}

} // namespace

QByteArray encodeSpec(const DownloadSpec &spec)
{
    return compact(toJson(spec));
}

QByteArray encodeSpec(const MediaSpec &spec)
{
    return compact(toJson(spec));
}

Result<DownloadSpec> decodeDownloadSpec(const QByteArray &stored)
{
    const auto object = objectFrom(stored);
    if (!object)
        return fail(object.error());
    return downloadSpecFromJson(*object);
}

Result<MediaSpec> decodeMediaSpec(const QByteArray &stored)
{
    const auto object = objectFrom(stored);
    if (!object)
        return fail(object.error());
    return mediaSpecFromJson(*object);
}

QByteArray encodeSpec(const AgreedFlash &flash)
{
    QJsonArray drives;
    for (const DriveIdentity &drive : flash.drives)
        drives.append(QJsonObject{{u"id"_s, drive.id},
                                  {u"serial"_s, drive.serial},
                                  {u"size"_s, drive.size},
                                  {u"diskseq"_s, qint64(drive.diskseq)},
                                  {u"place"_s, drive.place}});
    QJsonObject object = toJson(flash.spec);
    object.insert("agreed"_L1, drives);
    object.insert("agreedImage"_L1, agreedImage(flash.image));
    object.insert("agreedBoot"_L1, flash.boot);
    if (flash.isAgain)
        object.insert("again"_L1, true);
    if (!flash.traces.isEmpty())
        object.insert("traces"_L1, tracesJson(flash.traces));
    if (!flash.download.isEmpty())
        object.insert("download"_L1, QString::fromUtf8(flash.download));
    if (!flash.downloaded.isEmpty())
        object.insert("downloaded"_L1, flash.downloaded);
    return compact(object);
}

Result<FlashSpec> decodeFlashSpec(const QByteArray &stored)
{
    return objectFrom(stored).and_then(flashSpecFromJson);
}

Result<AgreedFlash> decodeAgreedFlash(const QByteArray &stored)
{
    const auto object = objectFrom(stored);
    if (!object)
        return fail(object.error());
    auto spec = flashSpecFromJson(*object);
    if (!spec)
        return fail(spec.error());
    AgreedFlash flash{.spec = std::move(*spec),
                      .boot = (*object)["agreedBoot"_L1].toString(),
                      .isAgain = (*object)["again"_L1].toBool(),
                      .traces = tracesFrom((*object)["traces"_L1].toArray()),
                      .download = (*object)["download"_L1].toString().toUtf8(),
                      .downloaded = (*object)["downloaded"_L1].toString()};
    flash.image = agreedImageFrom((*object)["agreedImage"_L1].toObject());
    for (const QJsonValue drive : (*object)["agreed"_L1].toArray())
        flash.drives.append({drive["id"_L1].toString(), drive["serial"_L1].toString(),
                             drive["size"_L1].toInteger(), quint64(drive["diskseq"_L1].toInteger()),
                             drive["place"_L1].toString()});
    if (flash.drives.size() != flash.spec.drives.size())
        return fail(ErrorCode::InvalidArgument,
                    u"the stored flash names drives nobody agreed to"_s);
    return flash;
}

QByteArray encodeSpec(const AfterAction &action)
{
    return compact({{u"after"_s, toJson(QList<AfterAction>{action})}});
}

Result<AfterAction> decodeAfterAction(const QByteArray &stored)
{
    const auto object = objectFrom(stored);
    if (!object)
        return fail(object.error());
    const auto actions = afterActionsFromJson((*object)["after"_L1]);
    if (!actions)
        return fail(actions.error());
    if (actions->size() != 1)
        return fail(ErrorCode::InvalidArgument, u"the stored spec is not one action"_s);
    return actions->constFirst();
}

} // namespace core
