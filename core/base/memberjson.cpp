#include "core/base/memberjson.h"

#include "core/base/wrongvalue.h"

#include <QVariant>

namespace core {

QString valueText(const QJsonValue &value)
{
    return value.isString() ? value.toString() : value.toVariant().toString();
}

Result<QString> readText(const QJsonObject &object, QLatin1StringView member)
{
    const QJsonValue value = object.value(member);
    if (value.isUndefined() || value.isNull())
        return QString();
    if (!value.isString())
        return wrongValue(member, valueText(value), "a string");
    return value.toString();
}

} // namespace core
