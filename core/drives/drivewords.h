#pragma once
#include "core/drives/drivepolicy.h"

namespace core {

/// What writing to `drive` erases, in words of data: `"MY STICK" (FAT, 15.8 GB, mounted at
/// /media/ann/MY STICK); 2 partitions without a known file system`. English, for the wire and the
/// command line; never empty.
[[nodiscard]] QString erasedContents(const Drive &drive);

/// What makes erasing it a thing to think about twice: "larger than 128 GiB, mounted"; empty: nothing.
[[nodiscard]] QString riskWords(const QList<DriveRisk> &risks);

/// Which drive it is: "/dev/sdb (Kingston DT, 31.9 GB, serial 0123)"; its id in place of a serial that it
/// has not.
[[nodiscard]] QString driveWords(const Drive &drive);

/// What people call the file system that udev calls `udevName`: "FAT" for vfat.
[[nodiscard]] QString fileSystemWord(const QString &udevName);

} // namespace core
