#include "core/storedspecjson.h"

#include "core/download/afteractionjson.h"
#include "core/download/downloadspecjson.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace core {

using namespace Qt::StringLiterals;

QByteArray encodeSpec(const DownloadSpec &spec)
{
    return QJsonDocument(toJson(spec)).toJson(QJsonDocument::Compact);
}

Result<DownloadSpec> decodeDownloadSpec(const QByteArray &stored)
{
    const QJsonDocument document = QJsonDocument::fromJson(stored);
    if (!document.isObject())
        return fail(ErrorCode::InvalidArgument, u"the stored spec is not a JSON object"_s);
    return downloadSpecFromJson(document.object());
}

QByteArray encodeSpec(const AfterAction &action)
{
    const QJsonObject object{{u"after"_s, toJson(QList<AfterAction>{action})}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

Result<AfterAction> decodeAfterAction(const QByteArray &stored)
{
    const QJsonObject object = QJsonDocument::fromJson(stored).object();
    const auto actions = afterActionsFromJson(object["after"_L1]);
    if (!actions)
        return fail(actions.error());
    if (actions->size() != 1)
        return fail(ErrorCode::InvalidArgument, u"the stored spec is not one action"_s);
    return actions->constFirst();
}

} // namespace core
