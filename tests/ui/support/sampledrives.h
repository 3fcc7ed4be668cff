#pragma once
#include "ui/models/drivelistmodel.h"

namespace tests {

/// A USB stick of 31.9 GB without a file system, "/dev/sd<letter>".
[[nodiscard]] core::Drive blankStick(char letter);
/// As DrivePolicy judges it.
[[nodiscard]] ui::DriveListModel::Judged judged(const core::Drive &drive);

/// The drives of a usual computer: the system's, a stick with files that is mounted, a blank one, a large
/// one, an empty card reader.
[[nodiscard]] QList<ui::DriveListModel::Judged> sampleDrives();

} // namespace tests
