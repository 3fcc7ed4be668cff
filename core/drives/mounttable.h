#pragma once
#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

namespace core {

/// One line of /proc/self/mountinfo (proc(5)).
struct MountEntry {
    QByteArray devnum; ///< "8:1"; major 0: the file system lies on no single device
    QString point;
    QString fileSystem; ///< ext4, btrfs, …
    QString source; ///< as it was mounted: /dev/sdb1, a pool, anything
    friend bool operator==(const MountEntry &, const MountEntry &) = default;
};

/// The mounts of a mountinfo file, in the order they were mounted. Lines that are none are left out.
[[nodiscard]] QList<MountEntry> mountsOf(const QByteArray &mountInfo);

/// The mount that the file at the absolute `path` lies on; nullptr when there is none.
[[nodiscard]] const MountEntry *mountHolding(const QList<MountEntry> &mounts, const QString &path);

/// The devices and files of a /proc/swaps file.
[[nodiscard]] QStringList swapsOf(const QByteArray &swaps);

/// The mount points that /etc/fstab mounts at start, without asking (fstab(5), noauto); links in them
/// are not followed.
[[nodiscard]] QStringList permanentPointsOf(const QByteArray &fstab);

} // namespace core
