#pragma once
#include "core/drives/drivelist.h"

#include <QJsonObject>

namespace server {

/// The drive object of PROTOCOL.md §1.
[[nodiscard]] QJsonObject driveObject(const core::JudgedDrive &judged);

} // namespace server
