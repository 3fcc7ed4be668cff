#include "core/storedspecjson.h"

#include "core/download/afteractionjson.h"
#include "core/download/downloadspecjson.h"
#include "core/download/mediaspecjson.h"

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
