#pragma once
#include "core/base/result.h"

#include <stop_token>

namespace core {

/// The SHA-256 of the file at `path` in hexadecimal, empty when `stop` came first. Fails as
/// fileError says.
[[nodiscard]] Result<QString> fileDigest(const QString &path, const std::stop_token &stop);

} // namespace core
