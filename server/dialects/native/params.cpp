#include "server/dialects/native/params.h"

#include <QJsonArray>

namespace server {
namespace {

using namespace Qt::StringLiterals;

tl::unexpected<core::Error> wrong(QLatin1StringView name, QLatin1StringView what)
{
    return core::fail(core::ErrorCode::InvalidArgument, u"\"%1\" is not %2"_s.arg(name, what));
}

/// An integer, which JSON may also write as 3.0 or 3e0.
std::optional<qint64> integerOf(const QJsonValue &value)
{
    const qint64 low = value.toInteger(0);
    const qint64 high = value.toInteger(1);
    return value.isDouble() && low == high ? std::optional(low) : std::nullopt;
}

} // namespace

Params::Params(QJsonObject object)
    : m_object(std::move(object))
{ }

QJsonValue Params::raw(QLatin1StringView name) const
{
    const QJsonValue value = m_object.value(name);
    return value.isNull() ? QJsonValue(QJsonValue::Undefined) : value;
}

bool Params::has(QLatin1StringView name) const
{
    return !raw(name).isUndefined();
}

core::Result<QString> Params::text(QLatin1StringView name) const
{
    const QJsonValue member = raw(name);
    if (!member.isString() && !member.isUndefined())
        return wrong(name, "a string"_L1);
    return member.toString();
}

core::Result<QString> Params::requiredText(QLatin1StringView name) const
{
    auto member = text(name);
    if (member && member->isEmpty())
        return core::fail(core::ErrorCode::InvalidArgument, u"\"%1\" is missing"_s.arg(name));
    return member;
}

core::Result<bool> Params::flag(QLatin1StringView name) const
{
    const QJsonValue member = raw(name);
    if (!member.isBool() && !member.isUndefined())
        return wrong(name, "true or false"_L1);
    return member.toBool(false);
}

core::Result<qint64> Params::number(QLatin1StringView name, qint64 byDefault, Range range) const
{
    const QJsonValue member = raw(name);
    if (member.isUndefined())
        return byDefault;
    const auto integer = integerOf(member);
    if (!integer)
        return wrong(name, "an integer"_L1);
    if (*integer < range.least || *integer > range.most)
        return core::fail(
            core::ErrorCode::InvalidArgument,
            u"\"%1\" is not between %2 and %3"_s.arg(name).arg(range.least).arg(range.most));
    return *integer;
}

core::Result<double> Params::real(QLatin1StringView name, double byDefault) const
{
    const QJsonValue member = raw(name);
    if (!member.isDouble() && !member.isUndefined())
        return wrong(name, "a number"_L1);
    return member.toDouble(byDefault);
}

core::Result<QJsonObject> Params::object(QLatin1StringView name) const
{
    const QJsonValue member = raw(name);
    if (!member.isObject() && !member.isUndefined())
        return wrong(name, "an object"_L1);
    return member.toObject();
}

core::Result<QStringList> Params::texts(QLatin1StringView name) const
{
    const QJsonValue member = raw(name);
    if (!member.isArray() && !member.isUndefined())
        return wrong(name, "a list of strings"_L1);
    QStringList list;
    for (const QJsonValue &item : member.toArray()) {
        if (!item.isString())
            return wrong(name, "a list of strings"_L1);
        list.append(item.toString());
    }
    return list;
}

core::Result<core::JobId> Params::id(QLatin1StringView name) const
{
    const QJsonValue member = raw(name);
    if (const auto integer = integerOf(member))
        return core::JobId{*integer};
    bool isNumber = false;
    const qint64 id = member.toString().toLongLong(&isNumber);
    if (!isNumber)
        return wrong(name, "the id of a job"_L1);
    return core::JobId{id};
}

} // namespace server
