#include "core/download/archivereader.h"

#include "core/base/files.h"

#include <QFile>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>

#include <array>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t BlockBytes = size_t(1) << 20;
constexpr std::array Formats = {
    &archive_read_support_format_tar,     &archive_read_support_format_gnutar,
    &archive_read_support_format_zip,     &archive_read_support_format_7zip,
    &archive_read_support_format_rar,     &archive_read_support_format_rar5,
    &archive_read_support_format_cab,     &archive_read_support_format_cpio,
    &archive_read_support_format_iso9660,
};

} // namespace

void ArchiveReader::Free::operator()(archive *reader) const
{
    archive_read_free(reader);
}

Result<ArchiveReader> ArchiveReader::open(const QString &path)
{
    if (const auto readable = openFile(path, O_RDONLY); !readable)
        return fail(readable.error());
    ArchiveReader made(archive_read_new(), path);
    archive *reader = made.m_reader.get();
    archive_read_support_filter_all(reader);
    // Not "all": mtree names files elsewhere on this machine, raw takes any file for an archive.
    for (const auto support : Formats)
        support(reader);
    const QByteArray name = QFile::encodeName(path);
    if (archive_read_open_filename(reader, name.constData(), BlockBytes) != ARCHIVE_OK)
        return fail(
            ErrorCode::Unsupported,
            u"%1 is not an archive that can be unpacked (tar, zip, 7z, rar, cab, cpio, iso)"_s.arg(
                path));
    return made;
}

Result<archive_entry *> ArchiveReader::next()
{
    archive_entry *entry = nullptr;
    const int result = archive_read_next_header(m_reader.get(), &entry);
    if (result == ARCHIVE_EOF)
        return static_cast<archive_entry *>(nullptr);
    if (result < ARCHIVE_WARN)
        return damaged();
    return entry;
}

Result<bool> ArchiveReader::copyBlock(archive *disk)
{
    const void *block = nullptr;
    size_t bytes = 0;
    la_int64_t offset = 0;
    const int result = archive_read_data_block(m_reader.get(), &block, &bytes, &offset);
    if (result == ARCHIVE_EOF)
        return false;
    if (result < ARCHIVE_WARN)
        return damaged();
    if (archive_write_data_block(disk, block, bytes, offset) < ARCHIVE_WARN)
        return fail(fileError(archive_errno(disk), QString::fromUtf8(archive_error_string(disk))));
    m_copied += qint64(bytes);
    return true;
}

qint64 ArchiveReader::position() const
{
    return archive_filter_bytes(m_reader.get(), -1);
}

tl::unexpected<Error> ArchiveReader::damaged() const
{
    const char *why = archive_error_string(m_reader.get());
    return fail(
        ErrorCode::ChecksumMismatch,
        u"%1 is damaged: %2"_s.arg(m_path, QString::fromUtf8(why ? why : "no reason given")));
}

} // namespace core
