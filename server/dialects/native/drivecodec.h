#pragma once
#include "core/drives/drivelist.h"
#include "core/drives/driverelease.h"

#include <QJsonArray>
#include <QJsonObject>

namespace server {

/// The drive object of PROTOCOL.md §1.
[[nodiscard]] QJsonObject driveObject(const core::JudgedDrive &judged);
[[nodiscard]] QJsonArray drivesArray(const QList<core::JudgedDrive> &drives);
/// The names of `risks` on the wire.
[[nodiscard]] QJsonArray risksArray(const QList<core::DriveRisk> &risks);

/// RFC 7396 merge patch between the drive objects; empty when they are equal.
[[nodiscard]] QJsonObject drivePatch(const core::JudgedDrive &before,
                                     const core::JudgedDrive &after);

/// `{"ending": "unmounted" | "ejected" | "poweredOff"}`: what device.eject came to.
[[nodiscard]] QByteArray endingResult(core::DriveRelease::Ending ending);

} // namespace server
