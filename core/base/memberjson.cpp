#include "core/base/memberjson.h"

#include "core/base/wrongvalue.h"

#include <QVariant>

namespace core {

namespace {

constexpr double MaxExactInteger = 9007199254740992.0; // 2^53, RFC 8259 §6

} // namespace

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

Result<qint64> readInteger(const QJsonObject &object, QLatin1StringView member)
{
    const QJsonValue value = object.value(member);
    if (value.isUndefined() || value.isNull())
        return 0;
    const double number = value.toDouble(-1);
    if (!value.isDouble() || number < 0 || number > MaxExactInteger
        || number != double(value.toInteger(-1)))
        return wrongValue(member, valueText(value), "a whole number, 0 or more");
    return value.toInteger();
}

} // namespace core
