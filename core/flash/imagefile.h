#pragma once
#include "core/base/digest.h"
#include "core/base/files.h"
#include "core/flash/growingimage.h"

#include <QString>

#include <sys/stat.h>

#include <span>

namespace core {

/// The file an image is read from, packed or not, as it is on disk. One that is still downloaded is read
/// as far as it is there; reading further waits for the download.
/// Threads: used by one thread at a time.
class ImageFile
{
public:
    /// Fails as fileError says, with `Unsupported` when it is no plain file and with `ImageDamaged`
    /// when it is empty.
    [[nodiscard]] static Result<ImageFile> open(const QString &path);
    /// Waits until the download has begun and knows the size. Fails as it does, here and where it is
    /// read, and with `InvalidState` when `image.stop` is requested.
    [[nodiscard]] static Result<ImageFile> open(const GrowingImage &image);

    [[nodiscard]] const QString &path() const { return m_path; }
    /// Bytes when it was opened.
    [[nodiscard]] qint64 size() const { return m_size; }
    /// Where read() goes on.
    [[nodiscard]] qint64 position() const { return m_position; }

    /// Whether all of it is there and stays as it is, so that looking everywhere waits for nothing.
    [[nodiscard]] bool isWhole() const;
    /// See ImageSource.
    [[nodiscard]] Result<void> checkUnchanged() const;
    [[nodiscard]] Result<QByteArray> provenSha256() const;

    /// Fills `bytes` unless the file ends; how many bytes there were. They enter sha256().
    /// Fails with `FileAccess`, also when the file has become shorter than it was.
    [[nodiscard]] Result<qint64> read(std::span<char> bytes);
    /// The same at any place, without moving and without hashing.
    [[nodiscard]] Result<qint64> readAt(qint64 offset, std::span<char> bytes) const;
    /// Goes on reading `bytes` further; sha256() then says nothing.
    void skip(qint64 bytes) { m_position += bytes; }
    /// The SHA-256 of all that was read, 32 raw bytes; that of the file when read() is at its end.
    [[nodiscard]] QByteArray sha256() { return m_sha256.finish(); }

private:
    struct Growing {
        GrowingImage image;
        GrowingFile::Opened opened;
    };
    ImageFile(FileDescriptor fd, QString path, const struct stat &found);
    explicit ImageFile(Growing growing);
    [[nodiscard]] Result<void> waitFor(ByteRange range) const;

    std::shared_ptr<const FileDescriptor> m_fd;
    QString m_path;
    timespec m_modifiedAt = {};
    qint64 m_size;
    std::optional<Growing> m_growing;
    qint64 m_position = 0;
    Sha256 m_sha256;
};

} // namespace core
