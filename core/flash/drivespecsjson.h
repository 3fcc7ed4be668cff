#pragma once
#include "core/flash/comparespec.h"
#include "core/flash/formatspec.h"
#include "core/flash/readspec.h"

#include <QJsonObject>

namespace core {

/// The specs that `object` asks for: on the wire (PROTOCOL.md §1) and as stored they are the same format.
/// Members they do not know are ignored. They fail with `InvalidArgument`, naming the member, its
/// value and what would be right.
/// "compress": true packs the image and gives its name the ending that says so.
[[nodiscard]] Result<ReadSpec> readSpecFromJson(const QJsonObject &object);
[[nodiscard]] Result<CompareSpec> compareSpecFromJson(const QJsonObject &object);
[[nodiscard]] Result<FormatSpec> formatSpecFromJson(const QJsonObject &object);

/// What the functions above read back as an equal spec; members at their default are left out.
[[nodiscard]] QJsonObject toJson(const ReadSpec &spec);
[[nodiscard]] QJsonObject toJson(const CompareSpec &spec);
[[nodiscard]] QJsonObject toJson(const FormatSpec &spec);

/// Checks specs that were not read from JSON (window, command line) by the same rules.
[[nodiscard]] Result<void> checkSpec(const ReadSpec &spec);
[[nodiscard]] Result<void> checkSpec(const CompareSpec &spec);
[[nodiscard]] Result<void> checkSpec(const FormatSpec &spec);

} // namespace core
