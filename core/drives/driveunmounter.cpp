#include "core/drives/driveunmounter.h"

#include "core/drives/udisks2names.h"

#include <QFile>

#include <sys/mount.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace core {

using namespace Qt::StringLiterals;

namespace {

QString kernelName(const QString &path)
{
    return path.mid(5); // behind /dev/
}

/// umount(2), for root and where UDisks2 knows nothing of the mount.
Result<void> unmountDirectly(const QString &point)
{
    if (::umount2(QFile::encodeName(point).constData(), UMOUNT_NOFOLLOW) == 0)
        return {};
    const int error = errno;
    const QString context = u"%1: %2"_s.arg(point, QString::fromLocal8Bit(std::strerror(error)));
    if (error == EBUSY)
        return fail(ErrorCode::DeviceBusy, context);
    if (error == EPERM || error == EACCES)
        return fail(ErrorCode::Forbidden, context);
    if (error == EINVAL || error == ENOENT)
        return {}; // somebody was faster
    return fail(ErrorCode::FileAccess, context);
}

/// The mount that no other lies below: the deepest, and of those at one point the last.
const DriveMount &uppermost(const QList<DriveMount> &mounts)
{
    const auto isLower = [](const DriveMount &a, const DriveMount &b) {
        return a.point.size() < b.point.size();
    };
    return *std::max_element(mounts.crbegin(), mounts.crend(), isLower);
}

/// Whether UDisks2 has no say in the matter, so that we may try ourselves.
bool isUnknownToUDisks(const Error &error)
{
    return error.code == ErrorCode::NotFound || error.code == ErrorCode::DeviceGone
        || error.code == ErrorCode::Unsupported;
}

} // namespace

Result<void> DriveUnmounter::makeUnused(const Drive &drive, const std::stop_token &stop) const
{
    if (const auto done = unmountAll(drive.path, stop); !done)
        return done;
    const auto unmounted = driveAt(drive.path);
    if (!unmounted)
        return fail(unmounted.error());
    return unmounted->holders().isEmpty() ? Result<void>() : lock(*unmounted, stop);
}

Result<void> DriveUnmounter::unmountAll(const QString &path, const std::stop_token &stop) const
{
    qsizetype before = -1;
    while (true) {
        const auto drive = driveAt(path);
        if (!drive)
            return fail(drive.error());
        const QList<DriveMount> mounts = drive->mounts();
        if (mounts.isEmpty())
            return {};
        if (before >= 0 && mounts.size() >= before)
            return fail(ErrorCode::DeviceBusy,
                        u"%1 is mounted again and again"_s.arg(uppermost(mounts).point));
        before = mounts.size();
        if (const auto done = unmount(uppermost(mounts), stop); !done)
            return done;
    }
}

Result<void> DriveUnmounter::unmount(const DriveMount &mount, const std::stop_token &stop) const
{
    const auto done = tryToUnmount(mount, stop);
    if (done || done.error().code != ErrorCode::DeviceBusy)
        return done;
    const QStringList users = m_reader.usersOf(mount.point);
    if (users.isEmpty())
        return done;
    return fail(ErrorCode::DeviceBusy,
                u"%1 is in use by %2"_s.arg(mount.point, users.join(u", "_s)));
}

Result<void> DriveUnmounter::tryToUnmount(const DriveMount &mount,
                                          const std::stop_token &stop) const
{
    if (!m_udisks.isReachable())
        return unmountDirectly(mount.point);
    const auto answer = m_udisks.call(
        {udisks2::blockObject(kernelName(mount.device)), udisks2::FileSystem, u"Unmount"_s}, stop);
    if (answer)
        return {};
    if (isUnknownToUDisks(answer.error()))
        return unmountDirectly(mount.point);
    return fail(answer.error().code, u"%1: %2"_s.arg(mount.point, answer.error().context));
}

Result<void> DriveUnmounter::lock(const Drive &drive, const std::stop_token &stop) const
{
    for (const DriveContent &content : drive.contents) {
        const bool isUnlocked =
            content.fileSystem == "crypto_LUKS"_L1 && !content.holders.isEmpty();
        if (!isUnlocked || !m_udisks.isReachable())
            continue;
        const auto answer = m_udisks.call(
            {udisks2::blockObject(kernelName(content.path)), udisks2::Encrypted, u"Lock"_s}, stop);
        if (!answer)
            return fail(answer.error());
    }
    const auto locked = driveAt(drive.path);
    if (!locked)
        return fail(locked.error());
    const QStringList holders = locked->holders();
    if (holders.isEmpty())
        return {};
    return fail(ErrorCode::DeviceBusy,
                u"%1 is in use by %2"_s.arg(drive.path, holders.join(u", "_s)));
}

Result<Drive> DriveUnmounter::driveAt(const QString &path) const
{
    for (const Drive &drive : m_reader.read())
        if (drive.path == path)
            return drive;
    return fail(ErrorCode::DeviceGone, u"%1 is gone"_s.arg(path));
}

} // namespace core
