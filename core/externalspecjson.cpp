#include "core/externalspecjson.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace core {

using namespace Qt::StringLiterals;

QByteArray encodeSpec(const ExternalSpec &spec)
{
    QJsonObject object;
    if (!spec.type.isEmpty())
        object.insert("type"_L1, spec.type);
    if (!spec.conversation.isEmpty())
        object.insert("conversation"_L1, spec.conversation);
    if (spec.isCanceledByProgram)
        object.insert("canceledByProgram"_L1, true);
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

ExternalSpec decodeExternalSpec(const QByteArray &stored)
{
    const QJsonObject object = QJsonDocument::fromJson(stored).object();
    return {.type = object["type"_L1].toString(),
            .conversation = object["conversation"_L1].toString(),
            .isCanceledByProgram = object["canceledByProgram"_L1].toBool()};
}

} // namespace core
