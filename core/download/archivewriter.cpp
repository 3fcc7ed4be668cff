#include "core/download/archivewriter.h"

#include "core/base/files.h"
#include "core/download/archiveentry.h"
#include "core/download/archivereader.h"

#include <QFile>
#include <QFileInfo>

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr mode_t OrdinaryRights = 0777;

/// A name of the archive; UTF-8 where the archive says so, else its bytes.
QString nameOf(const char *utf8, const char *bytes)
{
    if (utf8)
        return QString::fromUtf8(utf8);
    return bytes ? QFile::decodeName(bytes) : QString();
}

void setPath(archive_entry *entry, const QString &path)
{
    archive_entry_copy_pathname(entry, QFile::encodeName(path).constData());
}

} // namespace

void ArchiveWriter::Free::operator()(archive *disk) const
{
    archive_write_free(disk);
}

ArchiveWriter::ArchiveWriter(const QString &folder)
    : m_folder(QFileInfo(folder).canonicalFilePath())
    , m_disk(archive_write_disk_new())
{
    archive_write_disk_set_options(m_disk.get(),
                                   ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_SECURE_SYMLINKS
                                       | ARCHIVE_EXTRACT_SECURE_NODOTDOT);
}

Result<void> ArchiveWriter::begin(archive_entry *entry)
{
    const QString name = nameOf(archive_entry_pathname_utf8(entry), archive_entry_pathname(entry));
    const auto path = entryPath(name);
    if (!path)
        return fail(path.error());
    const mode_t type = archive_entry_filetype(entry);
    const bool isLink = archive_entry_hardlink(entry) != nullptr;
    if (!isLink && type != S_IFREG && type != S_IFDIR && type != S_IFLNK)
        return fail(ErrorCode::Unsupported,
                    u"the entry \"%1\" is neither file, folder nor link"_s.arg(name));
    if (const auto redirected = redirectLinks(entry, *path); !redirected)
        return redirected;
    m_path = path->isEmpty() ? m_folder : m_folder + u'/' + *path;
    setPath(entry, m_path);
    archive_entry_set_perm(entry, archive_entry_perm(entry) & OrdinaryRights);
    archive_entry_set_fflags(entry, 0, 0);
    if (archive_write_header(m_disk.get(), entry) < ARCHIVE_WARN)
        return failure(m_path);
    return {};
}

/// A hard link names its file by the path in the archive; a symbolic link says what it likes.
Result<void> ArchiveWriter::redirectLinks(archive_entry *entry, const QString &path) const
{
    const QString link = nameOf(archive_entry_symlink_utf8(entry), archive_entry_symlink(entry));
    if (archive_entry_filetype(entry) == S_IFLNK && !isLinkInside(path, link))
        return fail(
            ErrorCode::Unsupported,
            u"the entry \"%1\" is a link that leads out of the folder: %2"_s.arg(path, link));
    if (!archive_entry_hardlink(entry))
        return {};
    const auto original =
        entryPath(nameOf(archive_entry_hardlink_utf8(entry), archive_entry_hardlink(entry)));
    if (!original)
        return fail(original.error());
    const QString target = m_folder + u'/' + *original;
    archive_entry_copy_hardlink(entry, QFile::encodeName(target).constData());
    return {};
}

Result<bool> ArchiveWriter::copyBlock(ArchiveReader &reader)
{
    return reader.copyBlock(m_disk.get());
}

Result<void> ArchiveWriter::finishEntry()
{
    if (archive_write_finish_entry(m_disk.get()) < ARCHIVE_WARN)
        return failure(m_path);
    return {};
}

Result<void> ArchiveWriter::close()
{
    if (archive_write_close(m_disk.get()) < ARCHIVE_WARN)
        return failure(m_folder);
    return {};
}

tl::unexpected<Error> ArchiveWriter::failure(const QString &path) const
{
    return fail(fileError(archive_errno(m_disk.get()), path));
}

} // namespace core
