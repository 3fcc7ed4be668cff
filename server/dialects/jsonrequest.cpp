#include "server/dialects/jsonrequest.h"

#include "server/dialects/errortext.h"
#include "server/dialects/json.h"

namespace server {

using namespace Qt::StringLiterals;

Response problemOf(const core::Error &error)
{
    const QLatin1StringView type = core::errorCodeName(error.code);
    return problem(errorStatus(error.code), QByteArrayView(type.data(), type.size()),
                   errorTitle(error.code), error.context);
}

std::optional<Response> refuseUnlessJson(const Request &request)
{
    if (!request.principal)
        return problemOf({core::ErrorCode::Unauthorized, u"a token is needed"_s});
    const QByteArray type = request.header("Content-Type").split(';').constFirst().trimmed();
    if (type.compare("application/json", Qt::CaseInsensitive) == 0)
        return std::nullopt;
    return problem(415, "invalidArgument", u"Unsupported content type"_s,
                   u"send Content-Type: application/json"_s);
}

core::Result<QJsonObject> bodyObject(const Request &request)
{
    if (request.body.trimmed().isEmpty())
        return QJsonObject();
    const auto value = parseJson(request.body);
    if (!value)
        return core::fail(value.error());
    if (!value->isObject())
        return core::fail(core::ErrorCode::InvalidArgument, u"the body is not a JSON object"_s);
    return value->toObject();
}

} // namespace server
