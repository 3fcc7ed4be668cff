#pragma once
#include "core/jobreport.h"

#include <variant>

namespace server {

/// A client's sign of life, with the time it gives.
struct FlashPing {
    std::optional<qint64> timestamp;
    friend bool operator==(const FlashPing &, const FlashPing &) = default;
};

/// What a client says: a ping, or how a flash of its own goes (PROTOCOL.md §3.3).
using FlashMessage = std::variant<FlashPing, core::JobReport>;

/// Fails with `InvalidArgument` naming what is wrong. Other members are ignored. A report names a drive
/// when the message does.
[[nodiscard]] core::Result<FlashMessage> flashMessageFrom(const QByteArray &utf8);

} // namespace server
