#include "core/imagesurvey.h"

#include "core/base/files.h"
#include "core/drives/sysfsdrives.h"
#include "core/targetrules.h"

#include <QFile>

#include <sys/stat.h>

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

/// Empty: none was given.
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

/// Of the drives with these ids or paths.
QList<DriveTrace> tracesOf(const QStringList &names)
{
    QList<DriveTrace> traces;
    for (const Drive &drive : SysfsDrives().read()) {
        if (!names.contains(drive.id) && !names.contains(drive.path))
            continue;
        traces.append(traceOf(drive));
        traces.last().isTouched = false;
    }
    return traces;
}

} // namespace

Result<ImageIdentity> imageIdentity(const FlashSpec &spec)
{
    const auto bmap = bmapIdentity(spec.bmap);
    if (!bmap)
        return fail(bmap.error());
    ImageIdentity identity{.sha256 = spec.sha256, .bmap = *bmap};
    identity.source = spec.image.isEmpty() ? withoutSecrets(spec.url) : spec.image;
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

void ImageSurveyor::look(const FlashSpec &spec, Answer answer)
{
    m_threads.start([this, spec, answer = std::move(answer)] {
        const auto survey = imageIdentity(spec).map([&spec](const ImageIdentity &image) {
            const bool isFile = !spec.image.isEmpty();
            return ImageSurvey{image,
                               isFile ? SysfsDrives().drivesHolding(spec.image) : QStringList(),
                               tracesOf(spec.drives)};
        });
        QMetaObject::invokeMethod(
            this, [survey, answer] { answer(survey); }, Qt::QueuedConnection);
    });
}

} // namespace core
