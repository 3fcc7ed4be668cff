#pragma once
#include "core/base/filehash.h"

#include <stop_token>

namespace core {

/// The SHA-256 of the file at `path` in hexadecimal, empty when `stop` came first. Fails as
/// fileError says.
[[nodiscard]] Result<QString> fileDigest(const QString &path, const std::stop_token &stop);

/// SHA-256 and `also` of the file at `path`, in one pass; empty when `stop` came first. Fails as
/// fileError says.
[[nodiscard]] Result<FileHash::Digests>
fileDigests(const QString &path, std::optional<DigestAlgorithm> also, const std::stop_token &stop);

} // namespace core
