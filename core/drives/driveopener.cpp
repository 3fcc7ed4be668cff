#include "core/drives/driveopener.h"

#include "core/drives/driveunmounter.h"
#include "core/drives/udisks2names.h"

#include <QFile>

#include <fcntl.h>

#include <cerrno>
#include <cstring>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// The failure that open(2) of a drive means. EINVAL: these flags are not possible here.
Error openError(int error, const QString &path)
{
    const QString context = u"%1: %2"_s.arg(path, QString::fromLocal8Bit(std::strerror(error)));
    switch (error) {
    case EBUSY:
        return {ErrorCode::DeviceBusy, u"%1 is in use by another job or program"_s.arg(path)};
    case EACCES:
    case EPERM:
    case EROFS:
        return {ErrorCode::Forbidden, context};
    case ENOENT:
    case ENODEV:
    case ENXIO:
    case ENOMEDIUM:
        return {ErrorCode::DeviceGone, context};
    case EINVAL:
        return {ErrorCode::InvalidArgument, context};
    default:
        return {ErrorCode::FileAccess, context};
    }
}

Result<FileDescriptor> openDirectly(int flags, DriveAccess access, const QString &path)
{
    const int mode = access == DriveAccess::Write ? O_RDWR : O_RDONLY;
    FileDescriptor fd(::open(QFile::encodeName(path).constData(), mode | flags));
    if (!fd.isOpen())
        return fail(openError(errno, path));
    return fd;
}

/// Whether UDisks2 may open what we could not: we have not the right, or, in a sandbox, no such file.
bool isForUDisks(const Error &error)
{
    return error.code == ErrorCode::Forbidden || error.code == ErrorCode::DeviceGone;
}

} // namespace

DriveOpener::DriveOpener(SysfsDrives reader, DrivePolicy policy, QDBusConnection bus, Way way)
    : m_reader(std::move(reader))
    , m_policy(std::move(policy))
    , m_udisks(std::move(bus))
    , m_way(way)
{ }

Result<OpenedDrive> DriveOpener::open(const DriveIdentity &expected,
                                      const std::stop_token &stop) const
{
    return openFor(DriveAccess::Write, expected, stop);
}

Result<OpenedDrive> DriveOpener::openForReading(const DriveIdentity &expected,
                                                const std::stop_token &stop) const
{
    return openFor(DriveAccess::Read, expected, stop);
}

Result<OpenedDrive> DriveOpener::openFor(DriveAccess access,
                                         const DriveIdentity &expected,
                                         const std::stop_token &stop) const
{
    const auto found = find(expected);
    if (!found)
        return fail(found.error());
    if (const auto allowed = checkAllowed(access, *found); !allowed)
        return fail(allowed.error());
    if (const auto unused = DriveUnmounter(m_reader, m_udisks).makeUnused(*found, stop); !unused)
        return fail(unused.error());
    auto opened = openAlone(access, *found, stop);
    if (!opened)
        return opened;
    if (const auto locked = lockDrive(opened->fd, found->path, stop); !locked)
        return fail(locked.error());
    const auto proven = provenDrive(opened->fd, access, expected, m_reader);
    if (!proven)
        return fail(proven.error());
    if (const auto allowed = checkAllowed(access, *proven); !allowed)
        return fail(allowed.error());
    opened->drive = *proven;
    return opened;
}

Result<Drive> DriveOpener::find(const DriveIdentity &expected) const
{
    const QList<Drive> drives = m_reader.read();
    for (const Drive &drive : drives)
        if (drive.identity().isSameMedium(expected))
            return drive;
    for (const Drive &drive : drives)
        if (drive.id == expected.id)
            return fail(ErrorCode::DeviceGone,
                        u"%1 holds another medium than was agreed to"_s.arg(drive.path));
    return fail(ErrorCode::DeviceGone, u"%1 is not plugged in"_s.arg(expected.id));
}

Result<void> DriveOpener::checkAllowed(DriveAccess access, const Drive &drive) const
{
    const DriveVerdict verdict =
        access == DriveAccess::Write ? m_policy.judge(drive) : m_policy.judgeReading(drive);
    if (!verdict.isAllowed())
        return fail(ErrorCode::Forbidden, verdict.reason);
    return {};
}

Result<OpenedDrive>
DriveOpener::openAlone(DriveAccess access, const Drive &drive, const std::stop_token &stop) const
{
    constexpr int Alone = O_EXCL | O_CLOEXEC;
    OpenedDrive opened;
    auto direct = openWith(Alone | O_DIRECT, access, drive, stop);
    opened.isDirect = direct.has_value();
    if (!direct && direct.error().code == ErrorCode::InvalidArgument)
        direct = openWith(Alone, access, drive, stop);
    if (!direct)
        return fail(direct.error());
    opened.fd = std::move(*direct);
    return opened;
}

Result<FileDescriptor> DriveOpener::openWith(int flags,
                                             DriveAccess access,
                                             const Drive &drive,
                                             const std::stop_token &stop) const
{
    if (m_way == Way::DirectlyIfPermitted) {
        auto fd = openDirectly(flags, access, drive.path);
        if (fd || !isForUDisks(fd.error()) || !m_udisks.isReachable())
            return fd;
    }
    auto fd = m_udisks.open({udisks2::blockObject(drive.path.mid(5)),
                             udisks2::Block,
                             u"OpenDevice"_s,
                             {access == DriveAccess::Write ? u"rw"_s : u"r"_s},
                             {{u"flags"_s, flags}}},
                            stop);
    if (!fd)
        return fail(fd.error().code, u"%1: %2"_s.arg(drive.path, fd.error().context));
    return fd;
}

} // namespace core
