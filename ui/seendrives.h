#pragma once
#include "core/base/result.h"
#include "core/drives/drive.h"

#include <QList>

namespace core {
class FlashService;
}

namespace ui {

/// Whether the drives are those that the user saw; fails with `DeviceGone`. Opening proves the same again,
/// against what the hub knows at this moment. Call on the hub thread.
[[nodiscard]] core::Result<void> checkSeen(const core::FlashService &service,
                                           const QList<core::DriveIdentity> &seen);

} // namespace ui
