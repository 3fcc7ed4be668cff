#pragma once
#include "core/drives/drive.h"

namespace core {

struct BlockNode;

/// Fills in what sysfs and udev tell of the hardware of the whole device `node`: all of Drive but
/// its contents.
[[nodiscard]] Drive driveHardware(const BlockNode &node);

/// Whether the whole device `node` is a drive by itself: see SysfsDrives.
[[nodiscard]] bool isDrive(const BlockNode &node);

} // namespace core
