#pragma once
#include "core/base/files.h"

#include <QString>
#include <QStringList>

#include <span>

namespace core {

/// The file that an image is read into: has another name until it is whole, and is gone when it does not
/// become whole.
///
///   create: "<path>.reading", locked ─► write… ─► publish: flushed; "<path>.bmap", "<path>.sha256", then
///                                                 the image get their names
///
/// Nothing that is there is ever replaced.
/// Threads: used by one thread at a time.
class ImageTarget
{
public:
    /// Fails with `FileExists` when the image, its bmap or its checksum file is there, `Busy` when
    /// another job reads into it, else as fileError says.
    [[nodiscard]] static Result<ImageTarget> create(const QString &path);
    /// Removes what is not published.
    ~ImageTarget();
    ImageTarget(ImageTarget &&) noexcept = default;
    ImageTarget &operator=(ImageTarget &&) = delete;

    /// Removes what a program that was killed left of an image for `path`.
    static void discard(const QString &path);

    /// The bmap and the checksum file of the image at `path`.
    [[nodiscard]] static QStringList filesBeside(const QString &path);

    /// Of the whole image.
    [[nodiscard]] const QString &path() const { return m_path; }
    /// Bytes that can be written where it lies; -1 when nobody knows.
    [[nodiscard]] qint64 freeBytes() const;
    /// Gives the file its length; what is not written reads as zeros and takes no room.
    [[nodiscard]] Result<void> resize(qint64 bytes);
    [[nodiscard]] Result<void> write(qint64 offset, std::span<const char> bytes);

    /// `sha256` is that of the file, 32 raw bytes. Fails as create() does.
    [[nodiscard]] Result<void> publish(const QByteArray &bmap, const QByteArray &sha256);
    /// Gives it a name that nobody takes for a good image, "<path>.bad", numbered when that is taken;
    /// that name.
    [[nodiscard]] Result<QString> setAside();

private:
    explicit ImageTarget(QString path);
    [[nodiscard]] QString readingPath() const;
    [[nodiscard]] Result<void> openLocked();
    [[nodiscard]] Result<void> flush() const;
    [[nodiscard]] Result<void> place(const QString &path, const QByteArray &bytes) const;
    [[nodiscard]] QByteArray checksumLine(const QByteArray &sha256) const;

    QString m_path;
    FileDescriptor m_fd; // open as long as "<path>.reading" is ours
};

} // namespace core
