#include "core/flash/imagetarget.h"

#include <QFile>
#include <QFileInfo>
#include <QStorageInfo>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr QLatin1StringView Reading(".reading");
constexpr QLatin1StringView Bmap(".bmap");
constexpr QLatin1StringView Checksum(".sha256");
constexpr int MostAside = 9999;

QString folderOf(const QString &path)
{
    return QFileInfo(path).absolutePath();
}

Result<void> checkFree(const QString &path)
{
    for (const QString &name : QStringList{path} + ImageTarget::filesBeside(path)) {
        const QFileInfo file(name);
        if (file.exists() || file.isSymLink())
            return fail(ErrorCode::FileExists, u"%1 is there already"_s.arg(name));
    }
    return {};
}

} // namespace

ImageTarget::ImageTarget(QString path)
    : m_path(std::move(path))
{ }

ImageTarget::~ImageTarget()
{
    if (m_fd.isOpen())
        QFile::remove(readingPath());
}

Result<ImageTarget> ImageTarget::create(const QString &path)
{
    if (const auto isFree = checkFree(path); !isFree)
        return fail(isFree.error());
    if (const auto made = makeFolder(folderOf(path)); !made)
        return fail(made.error());
    ImageTarget target(path);
    if (const auto opened = target.openLocked(); !opened)
        return fail(opened.error());
    if (const auto emptied = target.resize(0); !emptied)
        return fail(emptied.error());
    return target;
}

void ImageTarget::discard(const QString &path)
{
    ImageTarget target(path);
    if (!QFileInfo::exists(target.readingPath()) || !target.openLocked())
        return; // another job reads into it
    for (const QString &beside : filesBeside(path))
        QFile::remove(beside + Reading);
} // the image itself goes with the target

QStringList ImageTarget::filesBeside(const QString &path)
{
    return {path + Bmap, path + Checksum};
}

QString ImageTarget::readingPath() const
{
    return m_path + Reading;
}

Result<void> ImageTarget::openLocked()
{
    auto fd = openFile(readingPath(), O_RDWR | O_CREAT | O_NOFOLLOW);
    if (!fd)
        return fail(fd.error());
    if (::flock(fd->get(), LOCK_EX | LOCK_NB) != 0)
        return fail(ErrorCode::Busy, u"another job reads a drive into %1"_s.arg(m_path));
    m_fd = std::move(*fd);
    return {};
}

qint64 ImageTarget::freeBytes() const
{
    return QStorageInfo(folderOf(m_path)).bytesAvailable();
}

Result<void> ImageTarget::resize(qint64 bytes)
{
    if (::ftruncate(m_fd.get(), bytes) != 0)
        return fail(fileError(errno, m_path));
    return {};
}

Result<void> ImageTarget::write(qint64 offset, std::span<const char> bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::pwrite(m_fd.get(), bytes.data(), bytes.size(), offset);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(fileError(errno, m_path));
        offset += count;
        bytes = bytes.subspan(size_t(count));
    }
    return {};
}

Result<void> ImageTarget::publish(const QByteArray &bmap, const QByteArray &sha256)
{
    if (const auto flushed = flush(); !flushed)
        return flushed;
    if (const auto placed = place(m_path + Bmap, bmap); !placed)
        return placed;
    auto published = place(m_path + Checksum, checksumLine(sha256));
    if (published) {
        published = renameNoReplace(readingPath(), m_path);
        if (!published)
            QFile::remove(m_path + Checksum);
    }
    if (!published) {
        QFile::remove(m_path + Bmap);
        return published;
    }
    m_fd = {};
    return syncFolder(folderOf(m_path));
}

Result<QString> ImageTarget::setAside()
{
    if (const auto flushed = flush(); !flushed)
        return fail(flushed.error());
    for (int number = 1; number <= MostAside; ++number) {
        const QString aside = m_path + (number == 1 ? u".bad"_s : u".bad.%1"_s.arg(number));
        const auto renamed = renameNoReplace(readingPath(), aside);
        if (!renamed && renamed.error().code == ErrorCode::FileExists)
            continue;
        if (!renamed)
            return fail(renamed.error());
        m_fd = {};
        return syncFolder(folderOf(m_path)).map([&aside] { return aside; });
    }
    return fail(ErrorCode::FileExists, u"%1.bad is there already"_s.arg(m_path));
}

Result<void> ImageTarget::flush() const
{
    if (::fsync(m_fd.get()) != 0)
        return fail(fileError(errno, m_path));
    return {};
}

Result<void> ImageTarget::place(const QString &path, const QByteArray &bytes) const
{
    const QString temporary = path + Reading;
    const auto placed = writeFileAtomically(temporary, bytes).and_then([&] {
        return renameNoReplace(temporary, path);
    });
    if (!placed)
        QFile::remove(temporary);
    return placed;
}

/// As sha256sum(1) writes and checks it: a name with a backslash or a line's end is escaped, and the line
/// begins with a backslash.
QByteArray ImageTarget::checksumLine(const QByteArray &sha256) const
{
    const QByteArray name = QFile::encodeName(QFileInfo(m_path).fileName());
    QByteArray escaped = name;
    escaped.replace('\\', "\\\\").replace('\n', "\\n");
    return (escaped == name ? "" : "\\") + sha256.toHex() + "  " + escaped + '\n';
}

} // namespace core
