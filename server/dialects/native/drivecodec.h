#pragma once
#include "core/drives/drivelist.h"
#include "core/drives/driverelease.h"

#include <QJsonObject>

namespace server {

/// The drive object of PROTOCOL.md §1.
[[nodiscard]] QJsonObject driveObject(const core::JudgedDrive &judged);

/// `{"ending": "unmounted" | "ejected" | "poweredOff"}`: what device.eject came to.
[[nodiscard]] QByteArray endingResult(core::DriveRelease::Ending ending);

} // namespace server
