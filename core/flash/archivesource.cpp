#include "core/flash/archivesource.h"

#include "core/base/units.h"

#include <QFileInfo>

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 InputBytes = 256_KiB;
constexpr std::array ImageSuffixes = {"img"_L1, "iso"_L1, "raw"_L1, "wic"_L1, "usb"_L1};

bool looksLikeImage(const QString &name)
{
    return std::ranges::find(ImageSuffixes, QFileInfo(name).suffix().toLower())
        != ImageSuffixes.end();
}

} // namespace

void ArchiveSource::Free::operator()(archive *reader) const
{
    archive_read_free(reader);
}

ArchiveSource::ArchiveSource(ImageFile file, ImageFormat format)
    : m_format(format)
    , m_input{std::move(file), 0, std::vector<char>(size_t(InputBytes)), std::nullopt}
{ }

Result<std::unique_ptr<ImageSource>> ArchiveSource::open(ImageFile file, ImageFormat format)
{
    std::unique_ptr<ArchiveSource> source(new ArchiveSource(std::move(file), format));
    const auto place = source->chooseEntry();
    if (!place)
        return fail(place.error());
    if (const auto entered = source->enterEntry(*place); !entered)
        return fail(entered.error());
    return source;
}

Result<void> ArchiveSource::begin()
{
    m_input.position = 0;
    m_reader.reset(archive_read_new());
    archive *reader = m_reader.get();
    if (m_format == ImageFormat::Lz4) {
        archive_read_support_filter_lz4(reader);
        archive_read_support_format_raw(reader);
    } else if (m_format == ImageFormat::Zip) {
        // Not the reader for streams: it would take an archive without its directory.
        archive_read_support_format_zip_seekable(reader);
    } else {
        archive_read_support_format_7zip(reader);
    }
    archive_read_set_read_callback(reader, &ArchiveSource::onRead);
    archive_read_set_seek_callback(reader, &ArchiveSource::onSeek);
    archive_read_set_callback_data(reader, &m_input);
    return archive_read_open1(reader) == ARCHIVE_OK ? Result<void>() : damaged();
}

Result<int> ArchiveSource::chooseEntry()
{
    if (const auto begun = begin(); !begun)
        return fail(begun.error());
    QList<int> files;
    QList<int> images;
    archive_entry *entry = nullptr;
    int result = ARCHIVE_OK;
    for (int place = 0; (result = archive_read_next_header(m_reader.get(), &entry)) == ARCHIVE_OK;
         ++place) {
        if (archive_entry_filetype(entry) != AE_IFREG)
            continue;
        files.append(place);
        const char *name = archive_entry_pathname_utf8(entry);
        if (name && looksLikeImage(QString::fromUtf8(name)))
            images.append(place);
    }
    if (result != ARCHIVE_EOF)
        return damaged();
    const QList<int> &candidates = files.size() == 1 ? files : images;
    if (candidates.size() != 1)
        return wrong(
            ErrorCode::Unsupported,
            u"it holds %1 files, and not just one image; unpack it first"_s.arg(files.size()));
    return candidates[0];
}

Result<void> ArchiveSource::enterEntry(int place)
{
    if (const auto begun = begin(); !begun)
        return begun;
    archive_entry *entry = nullptr;
    for (int i = 0; i <= place; ++i)
        if (archive_read_next_header(m_reader.get(), &entry) != ARCHIVE_OK)
            return damaged();
    if (archive_entry_is_data_encrypted(entry) != 0)
        return wrong(ErrorCode::Unsupported, u"it is encrypted"_s);
    if (m_format != ImageFormat::Lz4 && archive_entry_size_is_set(entry) != 0)
        m_size = archive_entry_size(entry);
    return {};
}

Result<qint64> ArchiveSource::read(std::span<char> bytes)
{
    qint64 done = 0;
    while (done < qint64(bytes.size())) {
        const auto rest = bytes.subspan(size_t(done));
        const auto count = archive_read_data(m_reader.get(), rest.data(), rest.size());
        if (count < 0)
            return damaged();
        if (count == 0)
            break;
        done += count;
    }
    if (done == 0)
        if (const auto ended = checkEnd(); !ended)
            return fail(ended.error());
    return done;
}

Result<void> ArchiveSource::checkEnd() const
{
    // The filter passes over what it does not know.
    const bool isWhole = m_format != ImageFormat::Lz4
        || archive_filter_bytes(m_reader.get(), -1) == m_input.file.size();
    return isWhole ? Result<void>()
                   : wrong(ErrorCode::ImageDamaged, u"something follows its end"_s);
}

Result<void> ArchiveSource::skip(qint64 bytes)
{
    std::array<char, InputBytes> unwanted;
    while (bytes > 0) {
        const auto count =
            read(std::span(unwanted).first(size_t(std::min<qint64>(bytes, InputBytes))));
        if (!count)
            return fail(count.error());
        if (*count == 0)
            break;
        bytes -= *count;
    }
    return {};
}

QByteArray ArchiveSource::fileSha256()
{
    Sha256 hash;
    std::vector<char> buffer(size_t{InputBytes});
    for (qint64 at = 0; at < m_input.file.size();) {
        const auto count = m_input.file.readAt(at, buffer);
        if (!count)
            return {}; // equals no checksum
        hash.add(std::span(buffer).first(size_t(*count)));
        at += *count;
    }
    return hash.finish();
}

ssize_t ArchiveSource::onRead(archive *reader, void *data, const void **bytes)
{
    Input &input = *static_cast<Input *>(data);
    const auto count = input.file.readAt(input.position, input.buffer);
    if (!count) {
        input.error = count.error();
        archive_set_error(reader, EIO, "%s", qPrintable(count.error().context));
        return ARCHIVE_FATAL;
    }
    input.position += *count;
    *bytes = input.buffer.data();
    return *count;
}

std::int64_t ArchiveSource::onSeek(archive *, void *data, std::int64_t offset, int whence)
{
    Input &input = *static_cast<Input *>(data);
    const qint64 from = whence == SEEK_SET ? 0
        : whence == SEEK_CUR               ? input.position
                                           : input.file.size();
    input.position = std::clamp<qint64>(from + offset, 0, input.file.size());
    return input.position;
}

tl::unexpected<Error> ArchiveSource::damaged() const
{
    if (m_input.error)
        return fail(*m_input.error);
    const char *why = archive_error_string(m_reader.get());
    return wrong(ErrorCode::ImageDamaged,
                 u"it cannot be unpacked: %1"_s.arg(QString::fromUtf8(why ? why : "no reason")));
}

tl::unexpected<Error> ArchiveSource::wrong(ErrorCode code, const QString &why) const
{
    return fail(code, u"%1: %2"_s.arg(m_input.file.path(), why));
}

} // namespace core
