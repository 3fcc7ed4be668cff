#pragma once
#include "core/base/result.h"

#include <functional>
#include <stop_token>

namespace core {

/// Copies the file `from` to `to`, which must not be there, with its rights and modification time;
/// makes it durable, and reads it back to prove it. Answers the SHA-256 in hexadecimal, empty when
/// `stop` came first; what was written stays. `onBytes` gets the bytes copied so far. Fails as
/// fileError says, with `ChecksumMismatch` when other bytes come back.
[[nodiscard]] Result<QString> copyDurably(const QString &from,
                                          const QString &to,
                                          const std::stop_token &stop,
                                          const std::function<void(qint64)> &onBytes);

} // namespace core
