#pragma once
#include "core/base/result.h"
#include "server/dialects/ending.h"

#include <QJsonObject>

#include <variant>
#include <vector>

namespace server {

/// An error as JSON-RPC 2.0 §5.1 says it, with our `data` (PROTOCOL.md §1).
struct RpcError {
    static constexpr int ParseError = -32700;
    static constexpr int InvalidRequest = -32600;
    static constexpr int MethodNotFound = -32601;

    int number = InvalidRequest;
    /// The same text for every occurrence.
    QString title;
    /// Title and what this occurrence is about.
    QString message;
    /// The name of an ErrorCode, or of one of JSON-RPC's own errors in camelCase.
    QString type;
    bool isRetryable = false;
    /// When a retry may succeed, in milliseconds from now.
    std::optional<qint64> retryAfterMs;
};

[[nodiscard]] RpcError rpcError(const core::Error &error);
[[nodiscard]] RpcError methodNotFound(const QString &method);
[[nodiscard]] RpcError invalidRequest(const QString &why);

/// One call. Without an `id` it is a notification: nothing answers it, not even an error.
struct RpcCall {
    QString method;
    QJsonObject params;
    std::optional<QJsonValue> id;
};

/// A member of a message: a call, or why it is none.
struct RpcBadCall {
    RpcError error;
    QJsonValue id = QJsonValue::Null;
};
using RpcItem = std::variant<RpcCall, RpcBadCall>;

enum class Batch { No, Yes };

/// What one message asks for. A batch counts as one message and is answered by one.
struct RpcMessage {
    static constexpr qsizetype MaxBatch = 100;

    Batch batch = Batch::No;
    std::vector<RpcItem> items;
};

/// Reads one message, strictly: `jsonrpc` is "2.0", params are named, ids are strings, numbers or
/// null. What is wrong is an item of the result, so that it is answered in its place.
[[nodiscard]] RpcMessage parseMessage(const QByteArray &text);

/// `result` is encoded already.
[[nodiscard]] QByteArray rpcResult(const QJsonValue &id, const QByteArray &result);
[[nodiscard]] QByteArray rpcFailure(const QJsonValue &id, const RpcError &error);
[[nodiscard]] QByteArray rpcNotification(QLatin1StringView method, const QByteArray &params);
/// `session.bye`, the last message of a server.
[[nodiscard]] QByteArray byeMessage(const Ending &ending);

} // namespace server
