#pragma once
#include "core/flashintake.h"

#include <QJsonObject>

namespace server {

/// The drive object of PROTOCOL.md §1.
[[nodiscard]] QJsonObject driveObject(const core::FlashIntake::Judged &judged);

} // namespace server
