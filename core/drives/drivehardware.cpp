#include "core/drives/drivehardware.h"

#include "core/drives/blockstack.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

namespace core {

using namespace Qt::StringLiterals;

namespace {

QString text(const QString &path)
{
    return QString::fromUtf8(smallFile(path));
}

bool isSet(const QString &path)
{
    return smallFile(path) == "1";
}

/// The first of `candidates` that says something. PCI ids and ATA's stand-in for a vendor do not.
QString firstOf(const QStringList &candidates)
{
    for (const QString &candidate : candidates)
        if (!candidate.isEmpty() && !candidate.startsWith("0x"_L1) && candidate != "ATA"_L1)
            return candidate;
    return {};
}

/// The nearest folder above `folder` with a file of that name; empty: none.
QString ancestorWith(const QString &folder, const QString &file)
{
    for (QString parent = folder; parent.contains("/devices/"_L1);
         parent = QFileInfo(parent).path())
        if (QFile::exists(parent + u'/' + file))
            return parent;
    return {};
}

Bus busOfCard(const BlockNode &node)
{
    // The kernel's word for soldered eMMC is MMC; SD is a card. Anything else stays internal.
    const QByteArray type = smallFile(node.folder + u"/device/type"_s);
    return type == "SD" ? Bus::Sd : Bus::Emmc;
}

Bus busOf(const BlockNode &node)
{
    static const QRegularExpression usb(u"/usb[0-9]+/"_s);
    static const QRegularExpression ata(u"/ata[0-9]+/"_s);
    static const QRegularExpression fireWire(u"/fw[0-9]+/"_s);
    if (!node.backingFile.isEmpty())
        return Bus::Loop;
    if (node.name.startsWith("mmcblk"_L1) && !usb.match(node.folder).hasMatch())
        return busOfCard(node);
    if (usb.match(node.folder).hasMatch())
        return Bus::Usb;
    if (node.name.startsWith("mspblk"_L1))
        return Bus::Sd; // a Memory Stick
    if (node.name.startsWith("nvme"_L1))
        return Bus::Nvme;
    if (ata.match(node.folder).hasMatch())
        return Bus::Ata;
    if (fireWire.match(node.folder).hasMatch())
        return Bus::FireWire;
    if (node.folder.contains("/virtio"_L1))
        return Bus::Virtio;
    return node.name.startsWith("sd"_L1) ? Bus::Scsi : Bus::Unknown;
}

bool isOptical(const BlockNode &node)
{
    // SCSI peripheral device type 5: CD, DVD, Blu-ray.
    return node.name.startsWith("sr"_L1) || smallFile(node.folder + u"/device/type"_s) == "5"
        || node.udev.value("ID_CDROM") == "1"_L1;
}

/// A medium or drive that can be taken out: the block layer's word, and for PCI (an NVMe drive in
/// a Thunderbolt box) the bus's.
bool isRemovable(const BlockNode &node, Bus bus)
{
    if (isSet(node.folder + u"/removable"_s))
        return true;
    const QString above = ancestorWith(QFileInfo(node.folder).path(), u"removable"_s);
    return bus == Bus::Nvme && smallFile(above + u"/removable"_s) == "removable";
}

/// The name of the driver that is bound to the drive's interface of its USB device.
QString usbDriverOf(const BlockNode &node)
{
    const QString interface = ancestorWith(node.folder, u"bInterfaceNumber"_s);
    return interface.isEmpty()
        ? QString()
        : QFileInfo(QFileInfo(interface + u"/driver"_s).symLinkTarget()).fileName();
}

/// The folder of the USB device that `node` is part of; empty: none.
QString usbFolderOf(const BlockNode &node, Bus bus)
{
    return bus == Bus::Usb ? ancestorWith(node.folder, u"idVendor"_s) : QString();
}

QString serialOf(const BlockNode &node, Bus bus)
{
    const QString usb = usbFolderOf(node, bus);
    // sysfs first: udev's database may not be written yet when a drive appears.
    const QStringList candidates = {usb.isEmpty() ? QString() : text(usb + u"/serial"_s),
                                    text(node.folder + u"/device/serial"_s),
                                    text(node.folder + u"/serial"_s),
                                    node.udev.value("ID_SERIAL_SHORT")};
    for (const QString &candidate : candidates)
        if (!candidate.isEmpty())
            return candidate;
    return {};
}

/// Target and unit of a SCSI device as udev adds them for USB: a reader of many cards has one serial.
QString unitOf(const BlockNode &node)
{
    const QString address = QFileInfo(node.folder + u"/device"_s).canonicalFilePath();
    const QStringList parts = QFileInfo(address).fileName().split(u':');
    return parts.size() == 4 ? u"-%1:%2"_s.arg(parts[2], parts[3]) : QString();
}

QString idOf(const Drive &drive, const BlockNode &node)
{
    if (drive.serial.isEmpty() || drive.bus == Bus::Loop)
        return node.name;
    static const QRegularExpression unsafe(u"[^A-Za-z0-9._:+-]+"_s);
    QStringList words{drive.vendor, drive.model, drive.serial};
    words.removeAll(QString());
    const QString unit = drive.bus == Bus::Usb ? unitOf(node) : QString();
    return busName(drive.bus) + u'-' + words.join(u'_').replace(unsafe, u"_"_s) + unit;
}

} // namespace

bool isDrive(const BlockNode &node)
{
    static const QRegularExpression notHardware(
        u"^(dm-|md|ram|zram|zd|nbd|rbd|drbd|bcache|fd|mtdblock)"_s);
    if (!node.whole.isEmpty() || notHardware.match(node.name).hasMatch())
        return false;
    if (node.name.startsWith("loop"_L1) && node.backingFile.isEmpty())
        return false;
    // The boot areas of an eMMC are devices below the eMMC's; a hidden device is one path of several.
    const bool isArea = QFile::exists(QFileInfo(node.folder).path() + u"/size"_s);
    return !isArea && !isSet(node.folder + u"/hidden"_s);
}

Drive driveHardware(const BlockNode &node)
{
    constexpr qint64 SectorBytes = 512; // sysfs counts so, whatever the block size
    const QString device = node.folder + u"/device/"_s;
    Drive drive;
    drive.path = node.path();
    drive.bus = busOf(node);
    drive.usbDriver = drive.bus == Bus::Usb ? usbDriverOf(node) : QString();
    drive.vendor = firstOf({text(device + u"vendor"_s), node.udev.value("ID_VENDOR")});
    drive.model = firstOf({text(device + u"model"_s), text(device + u"name"_s),
                           node.udev.value("ID_MODEL"), QFileInfo(node.backingFile).fileName()});
    drive.serial = serialOf(node, drive.bus);
    drive.port = QFileInfo(usbFolderOf(node, drive.bus)).fileName();
    drive.size = smallFile(node.folder + u"/size"_s).toLongLong() * SectorBytes;
    drive.blockBytes =
        std::max(smallFile(node.folder + u"/queue/logical_block_size"_s).toLongLong(), SectorBytes);
    drive.diskseq = smallFile(node.folder + u"/diskseq"_s).toULongLong();
    drive.isRemovable = isRemovable(node, drive.bus);
    drive.isRotational = isSet(node.folder + u"/queue/rotational"_s);
    drive.isOptical = isOptical(node);
    drive.isReadOnly = isSet(node.folder + u"/ro"_s);
    drive.id = idOf(drive, node);
    return drive;
}

} // namespace core
