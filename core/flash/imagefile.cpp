#include "core/flash/imagefile.h"

#include <QFile>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace core {

using namespace Qt::StringLiterals;

ImageFile::ImageFile(FileDescriptor fd, QString path, const struct stat &found)
    : m_fd(std::make_shared<const FileDescriptor>(std::move(fd)))
    , m_path(std::move(path))
    , m_modifiedAt(found.st_mtim)
    , m_size(found.st_size)
{ }

ImageFile::ImageFile(Growing growing)
    : m_fd(growing.opened.file)
    , m_path(growing.opened.path)
    , m_size(growing.opened.size)
    , m_growing(std::move(growing))
{ }

Result<ImageFile> ImageFile::open(const GrowingImage &image)
{
    auto opened = image.file->waitForBeginning(image.patience());
    if (!opened)
        return fail(opened.error());
    if (opened->size == 0)
        return fail(ErrorCode::ImageDamaged, u"%1 is empty"_s.arg(opened->path));
    return ImageFile(Growing{image, std::move(*opened)});
}

Result<ImageFile> ImageFile::open(const QString &path)
{
    auto fd = openFile(path, O_RDONLY | O_NONBLOCK); // a pipe must not hold us up
    if (!fd)
        return fail(fd.error());
    struct stat found = {};
    if (::fstat(fd->get(), &found) != 0)
        return fail(fileError(errno, path));
    if (!S_ISREG(found.st_mode))
        return fail(ErrorCode::Unsupported, u"%1 is not a plain file"_s.arg(path));
    if (found.st_size == 0)
        return fail(ErrorCode::ImageDamaged, u"%1 is empty"_s.arg(path));
    // Advice to read ahead; without it the image is read all the same.
    static_cast<void>(::posix_fadvise(fd->get(), 0, 0, POSIX_FADV_SEQUENTIAL));
    return ImageFile(std::move(*fd), path, found);
}

bool ImageFile::isWhole() const
{
    return !m_growing || m_growing->image.file->hasSucceeded();
}

Result<QByteArray> ImageFile::provenSha256() const
{
    if (!m_growing)
        return QByteArray();
    return m_growing->image.file->waitForEnd(m_growing->opened, m_growing->image.patience());
}

Result<void> ImageFile::waitFor(ByteRange range) const
{
    if (!m_growing)
        return {};
    const GrowingImage &image = m_growing->image;
    const auto isThere = image.file->waitFor(m_growing->opened, range, image.patience());
    if (isThere && *isThere == GrowingFile::Waited::No && image.onWait)
        image.onWait(GrowingImage::Wait::Over);
    return isThere.map([](GrowingFile::Waited) {});
}

Result<void> ImageFile::checkUnchanged() const
{
    if (m_growing) // its end says so
        return provenSha256().map([](const QByteArray &) {});
    struct stat mine = {};
    struct stat named = {};
    const bool isThere = ::fstat(m_fd->get(), &mine) == 0
        && ::stat(QFile::encodeName(m_path).constData(), &named) == 0;
    const bool isSame = isThere && named.st_dev == mine.st_dev && named.st_ino == mine.st_ino;
    const bool isUntouched = mine.st_size == m_size && mine.st_mtim.tv_sec == m_modifiedAt.tv_sec
        && mine.st_mtim.tv_nsec == m_modifiedAt.tv_nsec;
    if (isSame && isUntouched)
        return {};
    return fail(ErrorCode::ImageDamaged, u"%1 changed while it was written"_s.arg(m_path));
}

Result<qint64> ImageFile::read(std::span<char> bytes)
{
    const auto count = readAt(m_position, bytes);
    if (!count)
        return count;
    m_position += *count;
    m_sha256.add(bytes.first(size_t(*count)));
    return count;
}

Result<qint64> ImageFile::readAt(qint64 offset, std::span<char> bytes) const
{
    const qint64 wanted = std::clamp<qint64>(m_size - offset, 0, qint64(bytes.size()));
    if (const auto isThere = waitFor({offset, offset + wanted}); !isThere)
        return fail(isThere.error());
    qint64 done = 0;
    while (done < wanted) {
        const ssize_t count =
            ::pread(m_fd->get(), bytes.data() + done, size_t(wanted - done), offset + done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(fileError(errno, m_path));
        if (count == 0)
            return fail(ErrorCode::FileAccess,
                        u"%1 has become shorter than it was (%2 bytes)"_s.arg(m_path).arg(m_size));
        done += count;
    }
    return done;
}

} // namespace core
