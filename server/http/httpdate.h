#pragma once
#include <QByteArray>

#include <optional>

namespace server {

/// Seconds since 1970 as an IMF-fixdate (RFC 9110 §5.6.7).
[[nodiscard]] QByteArray httpDate(qint64 seconds);
/// Reads the three forms of RFC 9110 §5.6.7; nullopt for anything else.
[[nodiscard]] std::optional<qint64> parseHttpDate(const QByteArray &text);

} // namespace server
