#pragma once
#include <QLatin1StringView>
#include <QList>
#include <QStringList>

namespace core {

/// How a drive is attached. Emmc is soldered, Sd can be taken out; the kernel calls both mmcblk.
enum class Bus { Unknown, Usb, Sd, Emmc, Nvme, Ata, Scsi, Virtio, FireWire, Loop };

/// The name of `bus` on the wire: "usb", "sd", …; "unknown" when the kernel does not tell.
[[nodiscard]] QLatin1StringView busName(Bus bus);

/// What makes a drive, with the medium that is in it, this one and no other.
struct DriveIdentity {
    /// Between the hardware's id and the port that tells a drive from its twin.
    static constexpr QChar PortMark = u'@';

    QString id;
    QString serial; ///< empty: it has none
    qint64 size = 0; ///< bytes
    quint64 diskseq = 0; ///< counts up with every medium that appears; 0: kernel before 5.15
    QString place = {}; ///< Drive::place(); empty: not known

    /// The id that twins of the drive have too.
    [[nodiscard]] QString hardwareId() const { return id.section(PortMark, 0, 0); }
    /// Whether both mean one medium while the kernel runs, whichever of twins had the plain id when. Where
    /// media are not counted they must be in the same place: which twin is plain differs by reading.
    [[nodiscard]] bool isSameMedium(const DriveIdentity &other) const;
    /// The same medium under the same id; a place counts only where media are not counted.
    [[nodiscard]] friend bool operator==(const DriveIdentity &one, const DriveIdentity &other)
    {
        return one.id == other.id && one.serial == other.serial && one.size == other.size
            && one.diskseq == other.diskseq && (one.diskseq != 0 || one.place == other.place);
    }
};

/// Whether `drive` is one of `drives`, or may be: twins cannot be told apart without diskseq.
[[nodiscard]] bool mayBeAmong(const QList<DriveIdentity> &drives, const DriveIdentity &drive);

/// Something mounted that lies, directly or through what is stacked between, on a drive.
struct DriveMount {
    QString device; ///< the mounted block device, such as /dev/sdb1 or /dev/dm-0
    QString point;
    bool isPermanent = false; ///< mounted at start by /etc/fstab
    friend bool operator==(const DriveMount &, const DriveMount &) = default;
};

/// One thing that writing to the drive erases: a partition, or what fills the drive without one.
struct DriveContent {
    QString path; ///< /dev/sdb1, or the drive's own
    qint64 size = 0; ///< bytes
    QString label; ///< of the file system, else the partition's name
    QString fileSystem; ///< udev's name: ext4, vfat, crypto_LUKS, LVM2_member; empty: none known
    QList<DriveMount> mounts; ///< in the order they were mounted
    /// Kernel names of what is stacked on it: dm-0, md127, loop3.
    QStringList holders;
    /// Active swap: a device, or a file in one of the mounts.
    QStringList swaps;
    /// The words of the kernel's command line that mean it: root=UUID=1234-ABCD.
    QStringList bootNames = {};
    friend bool operator==(const DriveContent &, const DriveContent &) = default;
};

/// A whole block device as the user sees it, at one instant.
struct Drive {
    /// Stable while it is plugged in and as a rule beyond: udev's name in /dev/disk/by-id; the
    /// kernel's name where the drive has no serial, and for loop devices. Of twins see makeIdsUnique.
    QString id;
    QString path; ///< /dev/sdb
    QString vendor;
    QString model;
    QString serial;
    QString port; ///< where it is plugged in, such as USB's 1-4.2; empty: not known
    qint64 size = 0; ///< bytes, 0 without a medium
    qint64 blockBytes = 512; ///< of a logical block
    quint64 diskseq = 0;
    Bus bus = Bus::Unknown;
    QString usbDriver; ///< the kernel's driver, usb-storage or uas; empty: not on USB
    bool isRemovable = false; ///< the medium, or the device that it is
    bool isRotational = false; ///< the kernel's guess, true for many sticks that do not turn
    bool isOptical = false;
    bool isReadOnly = false;
    QList<DriveContent> contents;

    [[nodiscard]] bool hasMedium() const { return size > 0; }
    /// The kernel's name, after the port where that is known: "1-4.2 sdb". No two drives share it.
    [[nodiscard]] QString place() const;
    [[nodiscard]] DriveIdentity identity() const { return {id, serial, size, diskseq, place()}; }
    /// Everything that is mounted from it, by content, each once.
    [[nodiscard]] QList<DriveMount> mounts() const;
    /// Whatever keeps it in use without being mounted, each once.
    [[nodiscard]] QStringList holders() const;
    friend bool operator==(const Drive &, const Drive &) = default;
};

} // namespace core
