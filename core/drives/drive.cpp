#include "core/drives/drive.h"

#include "core/base/names.h"

#include <algorithm>

namespace core {
namespace {

using namespace Qt::StringLiterals;

constexpr std::array BusNames = std::to_array<Name<Bus>>({
    {Bus::Unknown, "unknown"_L1},
    {Bus::Usb, "usb"_L1},
    {Bus::Sd, "sd"_L1},
    {Bus::Emmc, "emmc"_L1},
    {Bus::Nvme, "nvme"_L1},
    {Bus::Ata, "ata"_L1},
    {Bus::Scsi, "scsi"_L1},
    {Bus::Virtio, "virtio"_L1},
    {Bus::FireWire, "firewire"_L1},
    {Bus::Loop, "loop"_L1},
});

} // namespace

QLatin1StringView busName(Bus bus)
{
    return nameOf(BusNames, bus);
}

bool DriveIdentity::isSameMedium(const DriveIdentity &other) const
{
    if (hardwareId() != other.hardwareId() || serial != other.serial || size != other.size
        || diskseq != other.diskseq)
        return false;
    return diskseq != 0 || (!place.isEmpty() && place == other.place);
}

bool mayBeAmong(const QList<DriveIdentity> &drives, const DriveIdentity &drive)
{
    return std::ranges::any_of(drives, [&drive](const DriveIdentity &other) {
        const bool isCounted = drive.diskseq != 0 && other.diskseq != 0;
        return drive.isSameMedium(other)
            || (!isCounted && drive.hardwareId() == other.hardwareId());
    });
}

QString Drive::place() const
{
    const QString name = path.mid(path.lastIndexOf(u'/') + 1);
    return port.isEmpty() ? name : port + u' ' + name;
}

QList<DriveMount> Drive::mounts() const
{
    QList<DriveMount> result;
    for (const DriveContent &content : contents)
        for (const DriveMount &mount : content.mounts)
            if (!result.contains(mount))
                result.append(mount);
    return result;
}

QStringList Drive::holders() const
{
    QStringList result;
    for (const DriveContent &content : contents)
        result += content.holders;
    result.removeDuplicates();
    return result;
}

} // namespace core
