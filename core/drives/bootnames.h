#pragma once
#include <QByteArray>
#include <QList>
#include <QString>

namespace core {

/// A device that the kernel's command line names as part of the system: its root, the place that a
/// hibernated system wakes from, or what these are opened from.
struct BootName {
    enum class Kind { Path, Number, Uuid, Label, PartUuid, PartLabel };

    QString word; ///< as the command line has it: root=UUID=1234-ABCD
    Kind kind = Kind::Path;
    QString value; ///< /dev/sda2, 8:2, 1234-ABCD
    friend bool operator==(const BootName &, const BootName &) = default;
};

/// The names in a /proc/cmdline: root= (also dracut's live:), resume=, rd.luks.uuid= and rd.lvm.lv=, each
/// in the order of the line. What names no block device (a network's root, zfs) is left out.
/// Source: bootparam(7), dracut.cmdline(7), systemd-cryptsetup-generator(8).
[[nodiscard]] QList<BootName> bootNamesOf(const QByteArray &commandLine);

} // namespace core
