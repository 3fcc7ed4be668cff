#pragma once
#include "core/base/result.h"
#include "core/download/mediaspec.h"

#include <QJsonObject>

namespace core {

/// Reads the members of a media spec: those of a download and `format`, `audioOnly`, `subtitles`
/// ("en,de"). Fails with `InvalidArgument` naming member and value, or as downloadSpecFromJson does.
[[nodiscard]] Result<MediaSpec> mediaSpecFromJson(const QJsonObject &object);
[[nodiscard]] QJsonObject toJson(const MediaSpec &spec);

} // namespace core
