#pragma once
#include "core/base/files.h"
#include "core/flash/blockdevice.h"

#include <memory>

namespace core {

/// A drive, or a plain file in its place, behind a descriptor that somebody else opened (UDisks2, or
/// we with O_EXCL). Reads and writes go past the page cache (O_DIRECT, turned on here when the
/// opener did not); where the file system cannot do that, dropCache() asks it to forget. A medium that was
/// swapped under the open descriptor is neither written nor read: the drive is gone then.
class LinuxBlockDevice final : public BlockDevice
{
public:
    /// Fails with `Unsupported` for anything that is neither drive nor plain file and for blocks of
    /// more than 4096 bytes, `DeviceGone` when there is no medium, `DeviceFailed` when the kernel does not tell the size.
    [[nodiscard]] static Result<std::unique_ptr<LinuxBlockDevice>>
    fromDescriptor(FileDescriptor fd, QString name, int writeDepth = 1);

    [[nodiscard]] QString name() const override { return m_name; }
    [[nodiscard]] qint64 size() const override { return m_size; }
    [[nodiscard]] qint64 blockBytes() const override { return m_blockBytes; }
    [[nodiscard]] int writeDepth() const override { return m_writeDepth; }
    /// Whether reads and writes go past the page cache.
    [[nodiscard]] bool isDirect() const { return m_isDirect; }
    void dropCache() override;

protected:
    [[nodiscard]] qint64 readSome(qint64 offset, std::span<char> bytes) override;
    [[nodiscard]] qint64 writeSome(qint64 offset, std::span<const char> bytes) override;
    [[nodiscard]] int flushOnce() override;
    [[nodiscard]] bool isGone() const override;

private:
    LinuxBlockDevice(FileDescriptor fd, QString name, int writeDepth);
    [[nodiscard]] Result<void> measure();
    [[nodiscard]] Result<void> measureDrive();
    [[nodiscard]] quint64 medium() const;
    void measureFile(qint64 size);

    FileDescriptor m_fd;
    QString m_name;
    int m_writeDepth;
    qint64 m_size = 0;
    qint64 m_blockBytes = 512;
    bool m_isDrive = false;
    bool m_isDirect = false;
    quint64 m_medium = 0; ///< the kernel's count of media when it was opened; 0: it does not count
};

} // namespace core
