#include "core/download/requestspecjson.h"

#include <array>

namespace core {
namespace {

using namespace Qt::StringLiterals;

struct Member {
    QLatin1StringView name;
    QString RequestSpec::*text;
};

constexpr std::array Members = std::to_array<Member>({
    {"userAgent"_L1, &RequestSpec::userAgent},
    {"referer"_L1, &RequestSpec::referer},
    {"cookies"_L1, &RequestSpec::cookies},
    {"user"_L1, &RequestSpec::user},
    {"password"_L1, &RequestSpec::password},
    {"netrc"_L1, &RequestSpec::netrc},
    {"proxy"_L1, &RequestSpec::proxy},
});

} // namespace

Result<RequestSpec> requestSpecFromJson(const QJsonObject &object)
{
    RequestSpec request;
    for (const Member &member : Members) {
        const QJsonValue value = object.value(member.name);
        if (!value.isUndefined() && !value.isNull() && !value.isString())
            return fail(ErrorCode::InvalidArgument, u"%1: not a string"_s.arg(member.name));
        request.*member.text = value.toString();
    }
    return request;
}

void insertInto(QJsonObject &object, const RequestSpec &request)
{
    for (const Member &member : Members)
        if (const QString &text = request.*member.text; !text.isEmpty())
            object.insert(member.name, text);
}

} // namespace core
