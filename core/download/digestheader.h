#pragma once
#include "core/base/checksum.h"

#include <optional>

namespace core {

/// The checksum in a Repr-Digest header (RFC 9530 §3), a dictionary of byte sequences: SHA-256, else
/// SHA-512. Nothing of a header that cannot be read as a whole is believed. Pure.
[[nodiscard]] std::optional<Checksum> checksumFromReprDigest(const QByteArray &value);

/// The same for the older Digest header (RFC 3230 §4.3.2): a list of names and Base64.
[[nodiscard]] std::optional<Checksum> checksumFromDigest(const QByteArray &value);

} // namespace core
