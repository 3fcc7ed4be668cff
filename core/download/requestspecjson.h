#pragma once
#include "core/download/requestspec.h"

#include <QJsonObject>

namespace core {

/// Reads the members of a download's JSON that say who asks. Fails with `InvalidArgument` naming a
/// member that is not a string; the rest is for checkRequest().
[[nodiscard]] Result<RequestSpec> requestSpecFromJson(const QJsonObject &object);

/// Adds the members that are not empty.
void insertInto(QJsonObject &object, const RequestSpec &request);

} // namespace core
