#include "core/imagesurvey.h"

#include "core/base/files.h"
#include "core/drives/sysfsdrives.h"
#include "core/flash/bmapchoice.h"
#include "core/targetrules.h"

#include <QFile>
#include <QFileInfo>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace core {

namespace {

Result<struct stat> statusOf(const QString &path)
{
    struct stat file { };
    if (::stat(QFile::encodeName(path).constData(), &file) != 0)
        return fail(fileError(errno, path));
    return file;
}

Milliseconds modifiedAt(const struct stat &file)
{
    return std::chrono::floor<Milliseconds>(std::chrono::seconds(file.st_mtim.tv_sec)
                                            + std::chrono::nanoseconds(file.st_mtim.tv_nsec));
}

/// The bmap that a flash takes: the one it names, else one that lies beside its image; empty: none.
QString bmapOf(const FlashSpec &spec)
{
    if (!spec.bmap.isEmpty() || spec.image.isEmpty())
        return spec.bmap;
    for (const QString &path : bmapPathsFor(spec.image))
        if (QFileInfo::exists(path))
            return path;
    return {};
}

/// Empty: there is none.
Result<QString> bmapIdentity(const QString &path)
{
    if (path.isEmpty())
        return QString();
    return statusOf(path).map([](const struct stat &file) {
        return QStringLiteral("%1 %2 %3 %4")
            .arg(file.st_dev)
            .arg(file.st_ino)
            .arg(file.st_size)
            .arg(modifiedAt(file).count());
    });
}

/// By path or id; a twin of it may be too.
bool isNamed(const Drive &drive, const QStringList &names)
{
    return std::ranges::any_of(names, [&drive](const QString &name) {
        return name == drive.path
            || DriveIdentity{.id = name}.hardwareId() == drive.identity().hardwareId();
    });
}

/// Those of the spec with what was written to them and is still in a cache: nobody uses a stick that was
/// just mounted, and yet it is written to.
QList<SeenDrive> seenDrives(const FlashSpec &spec)
{
    QList<SeenDrive> seen;
    for (const Drive &drive : SysfsDrives().read()) {
        DriveTrace trace = isNamed(drive, spec.drives) ? syncedTraceOf(drive) : traceOf(drive);
        trace.isTouched = false;
        seen.append({drive.identity(), trace});
    }
    return seen;
}

/// Whether the files of the spec really lie in the folders.
Result<void> checkPlaces(const FlashSpec &spec, const QStringList &folders)
{
    if (folders.isEmpty())
        return {};
    for (const QString &path : {spec.image, spec.bmap})
        if (!path.isEmpty() && !liesInside(path, folders))
            return fail(
                ErrorCode::Forbidden,
                QStringLiteral("%1 leads out of the folders that images may lie in").arg(path));
    return {};
}

Result<ImageSurvey> surveyOf(const FlashSpec &spec, const QStringList &folders)
{
    if (!spec.image.isEmpty() && !QFileInfo::exists(spec.image))
        return fail(ErrorCode::NotFound, QStringLiteral("there is no image %1").arg(spec.image));
    const auto image = imageIdentity(spec);
    if (!image)
        return fail(image.error());
    if (const auto checked = checkPlaces(spec, folders); !checked)
        return fail(checked.error());
    const bool isFile = !spec.image.isEmpty();
    return ImageSurvey{*image,
                       isFile ? SysfsDrives().drivesHolding(spec.image) : QList<DriveIdentity>(),
                       seenDrives(spec)};
}

} // namespace

Result<ImageIdentity> imageIdentity(const FlashSpec &spec)
{
    const auto bmap = bmapIdentity(bmapOf(spec));
    if (!bmap)
        return fail(bmap.error());
    ImageIdentity identity{.sha256 = spec.sha256, .bmap = *bmap};
    identity.source = spec.image.isEmpty()
        ? spec.url.toString(QUrl::RemoveUserInfo | QUrl::RemoveFragment)
        : spec.image;
    if (spec.image.isEmpty())
        return identity;
    const auto file = statusOf(spec.image);
    if (!file)
        return fail(file.error());
    identity.size = file->st_size;
    identity.modifiedAt = modifiedAt(*file).count();
    identity.device = file->st_dev;
    identity.inode = file->st_ino;
    return identity;
}

void ImageSurveyor::look(const FlashSpec &spec, const QStringList &folders, Answer answer)
{
    m_threads.start([this, spec, folders, answer = std::move(answer)] {
        const auto survey = surveyOf(spec, folders);
        QMetaObject::invokeMethod(
            this, [survey, answer] { answer(survey); }, Qt::QueuedConnection);
    });
}

} // namespace core
