#pragma once
#include "tests/core/flash/flashbench.h"

namespace tests {

/// A handle on a drive of the test that tells of every read.
class WatchedDrive final : public core::BlockDevice
{
public:
    WatchedDrive(core::BlockDevice &drive, std::function<void(qint64 offset)> onRead)
        : m_handle(drive)
        , m_onRead(std::move(onRead))
    { }
    [[nodiscard]] QString name() const override { return m_handle.name(); }
    [[nodiscard]] qint64 size() const override { return m_handle.size(); }
    [[nodiscard]] qint64 blockBytes() const override { return m_handle.blockBytes(); }

protected:
    [[nodiscard]] qint64 readSome(qint64 offset, std::span<char> bytes) override
    {
        m_onRead(offset);
        const auto read = m_handle.read(offset, bytes);
        if (read)
            return qint64(bytes.size());
        return read.error().code == core::ErrorCode::DeviceGone ? -ENODEV : -EIO;
    }
    [[nodiscard]] qint64 writeSome(qint64, std::span<const char>) override { return -EROFS; }
    [[nodiscard]] int flushOnce() override { return -EROFS; }
    [[nodiscard]] bool isGone() const override { return false; }

private:
    DriveHandle m_handle;
    std::function<void(qint64)> m_onRead;
};

/// Lets a worker open `drive`, whatever it is called.
inline core::OpenDrive opening(core::BlockDevice &drive)
{
    return [&drive](const QString &, const std::stop_token &) {
        return std::make_unique<DriveHandle>(drive);
    };
}

} // namespace tests
