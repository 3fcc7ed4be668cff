#include "tests/ui/support/sampledrives.h"

namespace tests {

using namespace Qt::StringLiterals;
using core::Bus;
using core::Drive;

namespace {

constexpr qint64 GB = 1'000'000'000;

core::DriveContent content(const QString &path, const QString &fileSystem, qint64 size)
{
    core::DriveContent result;
    result.path = path;
    result.fileSystem = fileSystem;
    result.size = size;
    return result;
}

Drive systemDrive()
{
    Drive drive;
    drive.id = u"nvme-Acme_Disk_S4X9"_s;
    drive.path = u"/dev/nvme0n1"_s;
    drive.model = u"Acme Disk 980"_s;
    drive.serial = u"S4X9"_s;
    drive.size = 1000 * GB;
    drive.bus = Bus::Nvme;
    drive.contents = {content(u"/dev/nvme0n1p1"_s, u"ext4"_s, 999 * GB)};
    drive.contents[0].mounts = {{u"/dev/nvme0n1p1"_s, u"/"_s, true}};
    return drive;
}

Drive mountedStick()
{
    Drive drive = blankStick('b');
    drive.model = u"DataTraveler 3.0"_s;
    drive.contents = {content(u"/dev/sdb1"_s, u"vfat"_s, 31 * GB)};
    drive.contents[0].label = u"HOLIDAY"_s;
    drive.contents[0].mounts = {{u"/dev/sdb1"_s, u"/media/ada/HOLIDAY"_s}};
    return drive;
}

Drive backupDrive()
{
    Drive drive = blankStick('d');
    drive.vendor = u"WD"_s;
    drive.model = u"Elements 25A2"_s;
    drive.size = 4000 * GB;
    drive.contents = {content(u"/dev/sdd1"_s, u"ntfs"_s, 4000 * GB)};
    drive.contents[0].label = u"Backup"_s;
    return drive;
}

Drive emptyReader()
{
    Drive drive = blankStick('e');
    drive.vendor = u"Generic"_s;
    drive.model = u"SD/MMC reader"_s;
    drive.size = 0;
    return drive;
}

} // namespace

Drive blankStick(char letter)
{
    Drive drive;
    const QString mark(QLatin1Char{letter});
    drive.id = u"usb-Kingston_DataTraveler_60A44C%1-0:0"_s.arg(mark);
    drive.path = u"/dev/sd"_s + mark;
    drive.vendor = u"Kingston"_s;
    drive.model = u"DataTraveler"_s;
    drive.serial = u"60A44C413FAE"_s + mark.toUpper();
    drive.size = 31'914'983'424;
    drive.diskseq = 7;
    drive.bus = Bus::Usb;
    drive.isRemovable = true;
    return drive;
}

ui::DriveListModel::Judged judged(const Drive &drive)
{
    return {drive, core::DrivePolicy().judge(drive)};
}

QList<ui::DriveListModel::Judged> sampleDrives()
{
    return {judged(systemDrive()), judged(mountedStick()), judged(blankStick('c')),
            judged(backupDrive()), judged(emptyReader())};
}

} // namespace tests
