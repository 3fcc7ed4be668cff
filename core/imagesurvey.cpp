#include "core/imagesurvey.h"

#include "core/base/files.h"
#include "core/drives/sysfsdrives.h"

#include <QFile>

#include <sys/stat.h>

#include <cerrno>

namespace core {

Result<ImageIdentity> imageIdentity(const FlashSpec &spec)
{
    if (spec.image.isEmpty())
        return ImageIdentity{.source = spec.url.toString(), .sha256 = spec.sha256};
    struct stat file { };
    if (::stat(QFile::encodeName(spec.image).constData(), &file) != 0)
        return fail(fileError(errno, spec.image));
    const auto modifiedAt =
        std::chrono::seconds(file.st_mtim.tv_sec) + std::chrono::nanoseconds(file.st_mtim.tv_nsec);
    return ImageIdentity{.source = spec.image,
                         .size = file.st_size,
                         .modifiedAt = std::chrono::floor<Milliseconds>(modifiedAt).count(),
                         .sha256 = spec.sha256,
                         .device = file.st_dev,
                         .inode = file.st_ino};
}

void ImageSurveyor::look(const FlashSpec &spec, Answer answer)
{
    m_threads.start([this, spec, answer = std::move(answer)] {
        const auto survey = imageIdentity(spec).map([&spec](const ImageIdentity &image) {
            const bool isFile = !spec.image.isEmpty();
            return ImageSurvey{image,
                               isFile ? SysfsDrives().drivesHolding(spec.image) : QStringList()};
        });
        QMetaObject::invokeMethod(
            this, [survey, answer] { answer(survey); }, Qt::QueuedConnection);
    });
}

} // namespace core
