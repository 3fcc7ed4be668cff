#pragma once
#include "core/base/checksum.h"

#include <optional>

namespace core {

/// The checksum of the file `name` in the text of a list of checksums: lines "HEX  name" as GNU
/// coreutils write them, "ALGO (name) = HEX" as BSD does, or one bare "HEX" alone. Lines that are
/// none of these do not count. The strongest algorithm wins; nullopt when there is no line for the
/// name, or lines that contradict each other. Pure.
[[nodiscard]] std::optional<Checksum> findChecksum(const QByteArray &text, const QString &name);

} // namespace core
