#pragma once
#include "core/drives/drive.h"
#include "core/drives/systemroots.h"

#include <QByteArray>

#include <optional>

namespace core {

class BlockStack;
struct BlockNode;

/// Reads the drives of this computer from sysfs, /proc and udev's database. No drive is touched, no
/// privilege is needed, and nothing is remembered: to know one drive from its twin in two readings, ask
/// DriveIdentity::isSameMedium.
///
/// What counts as a drive: whole devices of hardware, and loop devices with a file. Not what is
/// stacked (device mapper, MD), memory (zram, ram), the network (nbd, rbd), nor the boot areas of an
/// eMMC.
/// Threads: any; each call reads anew, in a few milliseconds.
class SysfsDrives
{
public:
    explicit SysfsDrives(SystemRoots roots = {});

    /// All drives by path, with or without a medium. Those of `before` that are still plugged in keep
    /// their ids.
    [[nodiscard]] QList<Drive> read(const QList<Drive> &before = {}) const;
    /// The drive of the block device with the number `devnum` ("8:16"); nullopt: none is.
    [[nodiscard]] std::optional<Drive> driveWithDevnum(const QByteArray &devnum) const;
    /// The drives that the file at the absolute `path` lies on; empty: none is known.
    [[nodiscard]] QList<DriveIdentity> drivesHolding(const QString &path) const;
    /// Polled (POLLPRI) it tells of every mount and unmount.
    [[nodiscard]] QString mountTablePath() const;

    /// The programs that keep the mount at `point` in use: see programsUsing.
    [[nodiscard]] QStringList usersOf(const QString &point) const;

private:
    [[nodiscard]] QList<Drive> drivesOf(const BlockStack &stack,
                                        const QList<Drive> &before = {}) const;

    const SystemRoots m_roots;
};

} // namespace core
