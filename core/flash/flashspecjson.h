#pragma once
#include "core/base/result.h"
#include "core/flash/flashspec.h"

#include <QJsonObject>

namespace core {

/// The spec that `object` asks for: the wire's flash spec (PROTOCOL.md §1) and the stored spec are the
/// same format. Members it does not know are ignored.
/// Fails with `InvalidUrl`, `UnsupportedScheme` or `InvalidArgument`, naming the member, its value
/// and what would be right.
[[nodiscard]] Result<FlashSpec> flashSpecFromJson(const QJsonObject &object);

/// What flashSpecFromJson reads back as an equal spec; members at their default are left out.
[[nodiscard]] QJsonObject toJson(const FlashSpec &spec);

/// Checks a spec that was not read from JSON (window, command line) by the same rules.
[[nodiscard]] Result<void> checkSpec(const FlashSpec &spec);

} // namespace core
