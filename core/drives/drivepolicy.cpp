#include "core/drives/drivepolicy.h"

#include "core/base/names.h"
#include "core/base/units.h"
#include "core/drives/readingverdict.h"

#include <algorithm>

namespace core {
namespace {

using namespace Qt::StringLiterals;
using Refusal = DriveVerdict::Refusal;

/// Sticks are seldom larger, backups seldom smaller.
constexpr qint64 LargeBytes = 128_GiB;

constexpr std::array RiskNames = std::to_array<Name<DriveRisk>>({
    {DriveRisk::Large, "large"_L1},
    {DriveRisk::Mounted, "mounted"_L1},
    {DriveRisk::InUse, "inUse"_L1},
    {DriveRisk::FileSystem, "fileSystem"_L1},
    {DriveRisk::Rotational, "rotational"_L1},
});

/// Part of the system with all that is mounted below them. /run holds the media of live systems.
constexpr std::array SystemTrees = {"/bin"_L1, "/boot"_L1,    "/cdrom"_L1, "/dev"_L1,   "/efi"_L1,
                                    "/etc"_L1, "/gnu"_L1,     "/lib"_L1,   "/lib64"_L1, "/nix"_L1,
                                    "/opt"_L1, "/root"_L1,    "/run"_L1,   "/sbin"_L1,  "/snap"_L1,
                                    "/srv"_L1, "/sysroot"_L1, "/usr"_L1,   "/var"_L1};
/// Part of the system, but a user's medium may be mounted below them.
constexpr std::array SystemPoints = {"/"_L1, "/home"_L1, "/tmp"_L1};

bool isAtOrBelow(const QString &path, QLatin1StringView tree)
{
    return path.startsWith(tree) && (path.size() == tree.size() || path[tree.size()] == u'/');
}

/// A whole home folder, such as /home/ann.
bool isHome(const QString &point)
{
    return point.startsWith("/home/"_L1) && point.count(u'/') == 2;
}

/// What of the running system is on the drive, as the end of a sentence; empty when nothing is.
QString systemUse(const Drive &drive)
{
    for (const DriveContent &content : drive.contents) {
        for (const DriveMount &mount : content.mounts)
            if (isOfSystem(mount))
                return u"the running system has %1 on it"_s.arg(mount.point);
        if (!content.swaps.isEmpty())
            return u"the running system swaps to %1 on it"_s.arg(content.swaps.first());
        if (!content.bootNames.isEmpty())
            return u"the system was started with %1, and that is on it"_s.arg(
                content.bootNames.first());
    }
    return {};
}

/// Whether the drive can be pulled out of the computer, or its medium out of the drive.
bool isExternal(const Drive &drive)
{
    switch (drive.bus) {
    case Bus::Usb:
    case Bus::Sd:
    case Bus::FireWire:
    case Bus::Loop:
        return true;
    case Bus::Emmc:
        return false;
    case Bus::Unknown:
    case Bus::Nvme:
    case Bus::Ata:
    case Bus::Scsi:
    case Bus::Virtio:
        return drive.isRemovable;
    }
    return false;
}

QString reasonFor(Refusal refusal, const Drive &drive)
{
    switch (refusal) {
    case Refusal::None:
        return {};
    case Refusal::System:
        return u"%1 is never written: %2."_s.arg(drive.path, systemUse(drive));
    case Refusal::HoldsImage:
        return u"The image itself lies on %1."_s.arg(drive.path);
    case Refusal::LoopDevice:
        return u"%1 is a loop device, and these are not allowed here."_s.arg(drive.path);
    case Refusal::Optical:
        return u"%1 is an optical drive."_s.arg(drive.path);
    case Refusal::NoMedium:
        return u"There is no medium in %1."_s.arg(drive.path);
    case Refusal::ReadOnly:
        return u"%1 is read-only; a card may have a switch for that."_s.arg(drive.path);
    case Refusal::Internal:
        return u"%1 is built into this computer."_s.arg(drive.path);
    }
    return {};
}

QList<DriveRisk> risksOf(const Drive &drive)
{
    QList<DriveRisk> risks;
    if (drive.size > LargeBytes)
        risks.append(DriveRisk::Large);
    if (!drive.mounts().isEmpty())
        risks.append(DriveRisk::Mounted);
    if (!drive.holders().isEmpty())
        risks.append(DriveRisk::InUse);
    const auto hasFileSystem = [](const DriveContent &content) {
        return !content.fileSystem.isEmpty();
    };
    if (std::any_of(drive.contents.cbegin(), drive.contents.cend(), hasFileSystem))
        risks.append(DriveRisk::FileSystem);
    // The kernel takes every USB stick that says nothing for turning; a stick's medium counts as
    // removable, a hard drive's does not.
    if (drive.isRotational && !drive.isRemovable)
        risks.append(DriveRisk::Rotational);
    return risks;
}

} // namespace

QLatin1StringView driveRiskName(DriveRisk risk)
{
    return nameOf(RiskNames, risk);
}

bool isOfSystem(const DriveMount &mount)
{
    return mount.isPermanent || isSystemPath(mount.point);
}

bool isSystemPath(const QString &point)
{
    if (isAtOrBelow(point, "/run/media"_L1))
        return false;
    const auto holdsPoint = [&point](QLatin1StringView tree) { return isAtOrBelow(point, tree); };
    return isHome(point)
        || std::find(SystemPoints.begin(), SystemPoints.end(), point) != SystemPoints.end()
        || std::any_of(SystemTrees.begin(), SystemTrees.end(), holdsPoint);
}

DriveVerdict DrivePolicy::judge(const Drive &drive, const QList<DriveIdentity> &imageDrives) const
{
    const Refusal refusal = refusalOf(drive, imageDrives);
    return {refusal, reasonFor(refusal, drive), risksOf(drive)};
}

DriveVerdict DrivePolicy::judgeReading(const Drive &drive,
                                       const QList<DriveIdentity> &imageDrives) const
{
    return readingVerdict(judge(drive, imageDrives));
}

DrivePolicy::Refusal DrivePolicy::refusalOf(const Drive &drive,
                                            const QList<DriveIdentity> &imageDrives) const
{
    if (!systemUse(drive).isEmpty())
        return Refusal::System;
    if (mayBeAmong(imageDrives, drive.identity()))
        return Refusal::HoldsImage;
    if (drive.bus == Bus::Loop && m_loopDevices == LoopDevices::Refused)
        return Refusal::LoopDevice;
    if (drive.isOptical)
        return Refusal::Optical;
    if (!isExternal(drive))
        return Refusal::Internal;
    if (!drive.hasMedium())
        return Refusal::NoMedium;
    return drive.isReadOnly ? Refusal::ReadOnly : Refusal::None;
}

} // namespace core
