#pragma once
#include "core/base/result.h"

#include <QJsonArray>
#include <QJsonObject>

namespace server {

/// Deepest nesting of arrays and objects we read (PROTOCOL.md §0.5).
inline constexpr int JsonDepth = 16;

/// The one value that `text` is (RFC 8259). Fails with `InvalidArgument` when it is not JSON, nests
/// deeper than JsonDepth or holds more than one value.
[[nodiscard]] core::Result<QJsonValue> parseJson(const QByteArray &text);

/// Compact UTF-8.
[[nodiscard]] QByteArray encode(const QJsonObject &object);
[[nodiscard]] QByteArray encode(const QJsonArray &array);
/// A JSON string with its quotes.
[[nodiscard]] QByteArray encode(const QString &text);

} // namespace server
