#pragma once
#include "core/base/checksum.h"

namespace ui {

/// A checksum as people paste it: hexadecimal digits, whose number tells the algorithm, or with the
/// algorithm before them: "sha-512=HEX", "sha512:HEX", in any case. Fails as core::Checksum::parse().
[[nodiscard]] core::Result<core::Checksum> checksumFromText(const QString &text);

} // namespace ui
