#include "ui/seendrives.h"

#include "core/flashservice.h"

#include <algorithm>

namespace ui {

core::Result<void> checkSeen(const core::FlashService &service,
                             const QList<core::DriveIdentity> &seen)
{
    const auto drives = service.drives(core::Principal::localUser());
    if (!drives)
        return core::fail(drives.error());
    for (const core::DriveIdentity &wanted : seen) {
        const bool isThere = std::ranges::any_of(
            *drives, [&wanted](const auto &judged) { return judged.drive.identity() == wanted; });
        if (!isThere)
            return core::fail(core::ErrorCode::DeviceGone, wanted.id);
    }
    return {};
}

} // namespace ui
