#pragma once
#include "core/flash/flashwriter.h"

namespace core {

/// Opens the drive as `openDrive` does and hands out its GPT partition of that name instead. Fails as
/// `openDrive`, readGpt and partitionNamed.
[[nodiscard]] OpenDrive openPartition(OpenDrive openDrive, const QString &name);

} // namespace core
