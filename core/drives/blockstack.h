#pragma once
#include "core/drives/bootnames.h"
#include "core/drives/mounttable.h"
#include "core/drives/systemroots.h"
#include "core/drives/udevrecord.h"

#include <QMap>
#include <QSet>

namespace core {

/// One block device of the kernel: a whole one, a partition, or one stacked on others.
struct BlockNode {
    QString name; ///< the kernel's: sdb1, dm-0, md127
    QString folder; ///< in sysfs, without links
    QByteArray devnum; ///< "8:17"
    QString whole; ///< the device that it is a partition of; empty: it is whole
    QStringList below; ///< what it lies on directly
    QString alias; ///< /dev/mapper name of a dm device, without the folder
    QString backingFile; ///< of a loop device
    UdevRecord udev;

    [[nodiscard]] QString path() const;
};

/// All block devices and which lies on which: partitions on drives, LUKS and LVM (device mapper) and
/// MD on their members, loop devices on the drive of their file, a btrfs or ZFS file system on all
/// its members.
/// Threads: a value; reading takes some milliseconds and no device is touched.
class BlockStack
{
public:
    [[nodiscard]] static BlockStack read(const SystemRoots &roots);

    [[nodiscard]] const QMap<QString, BlockNode> &nodes() const { return m_nodes; }
    [[nodiscard]] const QList<MountEntry> &mounts() const { return m_mounts; }
    /// `name` and all that it lies on.
    [[nodiscard]] QSet<QString> allBelow(const QString &name) const;
    /// The names of the devices that the mounted file system is made of; empty: none.
    [[nodiscard]] QStringList membersOf(const MountEntry &mount) const;
    /// The names of the devices that the file at `path` lies on.
    [[nodiscard]] QStringList membersUnder(const QString &path) const;
    /// The names of the devices that `boot` means; more than one when they are copies of each other.
    [[nodiscard]] QStringList membersNamed(const BootName &boot) const;
    /// The device that a path such as /dev/sdb1 or /dev/mapper/home means; empty: none.
    [[nodiscard]] QString nameOfPath(const QString &path) const;
    [[nodiscard]] QString nameOfDevnum(const QByteArray &devnum) const;

private:
    void addWhole(const QString &folder, const SystemRoots &roots);
    [[nodiscard]] BlockNode nodeAt(const QString &folder, const SystemRoots &roots) const;
    void readBtrfs(const QString &folder);
    void putLoopsOnTheirFiles();
    [[nodiscard]] QStringList namesWith(const QByteArray &key, const QString &value) const;
    [[nodiscard]] QStringList btrfsMembers(const QString &member) const;
    [[nodiscard]] QStringList zfsMembers(const QString &pool) const;

    QMap<QString, BlockNode> m_nodes;
    QList<MountEntry> m_mounts;
    QList<QStringList> m_btrfs; ///< members of each mounted btrfs
};

/// The bytes of the small file at `path`, without white space at its ends; empty when unreadable.
[[nodiscard]] QByteArray smallFile(const QString &path);

} // namespace core
