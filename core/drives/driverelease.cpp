#include "core/drives/driverelease.h"

#include "core/drives/driveunmounter.h"
#include "core/drives/udisks2names.h"

#include <QDBusObjectPath>

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>

namespace core {

using namespace Qt::StringLiterals;

DriveRelease::DriveRelease(SysfsDrives reader, DrivePolicy policy, QDBusConnection bus)
    : m_reader(std::move(reader))
    , m_policy(std::move(policy))
    , m_udisks(std::move(bus))
{ }

Result<void> DriveRelease::rereadPartitions(const QString &path, const std::stop_token &stop) const
{
    const auto fd = openFile(path, O_RDONLY | O_NONBLOCK);
    // EINVAL: a device that has no partitions, such as most loop devices.
    if (fd && (::ioctl(fd->get(), BLKRRPART) == 0 || errno == EINVAL))
        return {};
    if (fd && errno == EBUSY)
        return fail(ErrorCode::DeviceBusy, u"%1 is in use"_s.arg(path));
    const auto answer =
        m_udisks.call({udisks2::blockObject(path.mid(5)), udisks2::Block, u"Rescan"_s}, stop);
    return answer ? Result<void>() : fail(answer.error());
}

Result<DriveRelease::Ending> DriveRelease::eject(const DriveIdentity &identity,
                                                 const std::stop_token &stop) const
{
    const QList<Drive> drives = m_reader.read();
    const auto drive = std::find_if(drives.cbegin(), drives.cend(), [&](const Drive &candidate) {
        return candidate.identity().isSameMedium(identity);
    });
    if (drive == drives.cend())
        return fail(ErrorCode::DeviceGone, u"%1 is not plugged in"_s.arg(identity.id));
    if (const DriveVerdict verdict = m_policy.judge(*drive); verdict.isSystem())
        return fail(ErrorCode::Forbidden, verdict.reason);
    if (const auto unused = DriveUnmounter(m_reader, m_udisks).makeUnused(*drive, stop); !unused)
        return fail(unused.error());

    const QString block = udisks2::blockObject(drive->path.mid(5));
    const auto property = m_udisks.property(block, udisks2::Block, u"Drive"_s);
    const QString object = property ? property->value<QDBusObjectPath>().path() : QString();
    if (object.size() <= 1)
        return Ending::Unmounted; // no UDisks2, or no hardware behind it
    if (isTrue(object, u"Ejectable"_s) || isTrue(object, u"MediaRemovable"_s)) {
        const auto ejected = m_udisks.call({object, udisks2::Drive, u"Eject"_s}, stop);
        if (ejected)
            return Ending::Ejected;
        if (ejected.error().code != ErrorCode::Unsupported) // else it has no program to eject with
            return fail(ejected.error());
    }
    if (!isTrue(object, u"CanPowerOff"_s) || mayShareItsPlug(*drive))
        return Ending::Unmounted;
    const auto off = m_udisks.call({object, udisks2::Drive, u"PowerOff"_s}, stop);
    return off ? Result<Ending>(Ending::PoweredOff) : fail(off.error());
}

bool DriveRelease::isTrue(const QString &object, const QString &property) const
{
    const auto value = m_udisks.property(object, udisks2::Drive, property);
    return value && value->toBool();
}

/// Drives in one case share the serial of its plug; without a serial nobody can tell.
bool DriveRelease::mayShareItsPlug(const Drive &drive) const
{
    if (drive.serial.isEmpty())
        return true;
    const QList<Drive> drives = m_reader.read();
    return std::any_of(drives.cbegin(), drives.cend(), [&drive](const Drive &other) {
        return other.path != drive.path && other.serial == drive.serial;
    });
}

} // namespace core
