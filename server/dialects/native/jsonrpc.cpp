#include "server/dialects/native/jsonrpc.h"

#include "server/dialects/errortext.h"
#include "server/dialects/json.h"

namespace server {
namespace {

using namespace Qt::StringLiterals;

RpcError ownError(int number, const QString &title, QLatin1StringView type, const QString &about)
{
    return {
        .number = number, .title = title, .message = u"%1: %2"_s.arg(title, about), .type = type};
}

bool isId(const QJsonValue &id)
{
    return id.isString() || id.isDouble() || id.isNull();
}

RpcItem readItem(const QJsonValue &value)
{
    if (!value.isObject())
        return RpcBadCall{invalidRequest(u"a call is an object"_s)};
    const QJsonObject object = value.toObject();
    const bool hasId = object.contains("id"_L1);
    const QJsonValue id = object.value("id"_L1);
    if (hasId && !isId(id))
        return RpcBadCall{invalidRequest(u"id is a string, a number or null"_s)};
    const QJsonValue known = hasId ? id : QJsonValue(QJsonValue::Null);
    if (object.value("jsonrpc"_L1) != "2.0"_L1)
        return RpcBadCall{invalidRequest(u"jsonrpc is \"2.0\""_s), known};
    if (!object.value("method"_L1).isString())
        return RpcBadCall{invalidRequest(u"method is a string"_s), known};
    const QJsonValue params = object.value("params"_L1);
    if (!params.isUndefined() && !params.isObject())
        return RpcBadCall{
            rpcError({core::ErrorCode::InvalidArgument, u"params is an object with names"_s}),
            known};
    return RpcCall{.method = object.value("method"_L1).toString(),
                   .params = params.toObject(),
                   .id = hasId ? std::optional(id) : std::nullopt};
}

/// An id as it stands in an answer.
QByteArray encodeId(const QJsonValue &id)
{
    const QByteArray array = encode(QJsonArray{id});
    return array.sliced(1, array.size() - 2);
}

} // namespace

RpcError rpcError(const core::Error &error)
{
    return {.number = errorNumber(error.code),
            .title = errorTitle(error.code),
            .message = errorMessage(error),
            .type = errorCodeName(error.code),
            .isRetryable = core::isRetryable(error.code)};
}

RpcError methodNotFound(const QString &method)
{
    return ownError(RpcError::MethodNotFound, u"Unknown method"_s, "methodNotFound"_L1, method);
}

RpcError invalidRequest(const QString &why)
{
    return ownError(RpcError::InvalidRequest, u"Not a JSON-RPC 2.0 call"_s, "invalidRequest"_L1,
                    why);
}

RpcMessage parseMessage(const QByteArray &text)
{
    RpcMessage message;
    const auto value = parseJson(text);
    if (!value) {
        message.items.emplace_back(RpcBadCall{
            ownError(RpcError::ParseError, u"Not JSON"_s, "parseError"_L1, value.error().context)});
        return message;
    }
    if (!value->isArray()) {
        message.items.push_back(readItem(*value));
        return message;
    }
    const QJsonArray calls = value->toArray();
    if (calls.isEmpty() || calls.size() > RpcMessage::MaxBatch) {
        message.items.emplace_back(
            RpcBadCall{invalidRequest(u"a batch has 1 to %1 calls"_s.arg(RpcMessage::MaxBatch))});
        return message;
    }
    message.batch = Batch::Yes;
    for (const QJsonValue &call : calls)
        message.items.push_back(readItem(call));
    return message;
}

QByteArray rpcResult(const QJsonValue &id, const QByteArray &result)
{
    return R"({"jsonrpc":"2.0","id":)" + encodeId(id) + R"(,"result":)" + result + '}';
}

QByteArray rpcFailure(const QJsonValue &id, const RpcError &error)
{
    QJsonObject details{
        {u"type"_s, error.type}, {u"title"_s, error.title}, {u"retryable"_s, error.isRetryable}};
    if (error.retryAfterMs)
        details.insert("retryAfterMs"_L1, *error.retryAfterMs);
    const QJsonObject object{
        {u"code"_s, error.number}, {u"message"_s, error.message}, {u"data"_s, details}};
    return R"({"jsonrpc":"2.0","id":)" + encodeId(id) + R"(,"error":)" + encode(object) + '}';
}

QByteArray rpcNotification(QLatin1StringView method, const QByteArray &params)
{
    return R"({"jsonrpc":"2.0","method":")" + QByteArray(method.data(), method.size())
        + R"(","params":)" + params + '}';
}

QByteArray byeMessage(const Ending &ending)
{
    return rpcNotification("session.bye"_L1, encode(byeParams(ending)));
}

} // namespace server
