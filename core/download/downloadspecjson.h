#pragma once
#include "core/base/result.h"
#include "core/download/downloadspec.h"

#include <QJsonObject>

namespace core {

/// The spec that `object` asks for: the wire's download spec (PROTOCOL.md §1) and the stored spec
/// are the same format. Members it does not know are ignored.
/// Fails with `InvalidUrl`, `UnsupportedScheme` or `InvalidArgument`, naming the member, its value
/// and what would be right.
[[nodiscard]] Result<DownloadSpec> downloadSpecFromJson(const QJsonObject &object);

/// What downloadSpecFromJson reads back as an equal spec; members at their default are left out.
[[nodiscard]] QJsonObject toJson(const DownloadSpec &spec);

} // namespace core
