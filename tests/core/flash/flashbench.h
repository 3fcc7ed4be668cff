#pragma once
#include "core/flash/flashwriter.h"
#include "tests/core/flash/testimages.h"
#include "tests/support/failingblockdevice.h"

namespace tests {

/// Drives of the test, which live as long as it does; the writer gets a handle on each.
class DriveHandle final : public core::BlockDevice
{
public:
    explicit DriveHandle(core::BlockDevice &drive)
        : m_drive(drive)
    { }
    [[nodiscard]] QString name() const override { return m_drive.name(); }
    [[nodiscard]] qint64 size() const override { return m_drive.size(); }
    [[nodiscard]] qint64 blockBytes() const override { return m_drive.blockBytes(); }
    [[nodiscard]] int writeDepth() const override { return m_drive.writeDepth(); }

protected:
    // The drive itself continues and names what fails: its errors must pass through unchanged.
    [[nodiscard]] qint64 readSome(qint64 offset, std::span<char> bytes) override
    {
        return asErrno(m_drive.read(offset, bytes), bytes.size());
    }
    [[nodiscard]] qint64 writeSome(qint64 offset, std::span<const char> bytes) override
    {
        return asErrno(m_drive.write(offset, bytes), bytes.size());
    }
    [[nodiscard]] int flushOnce() override { return int(asErrno(m_drive.flush(), 0)); }
    [[nodiscard]] bool isGone() const override { return false; }

private:
    static qint64 asErrno(const core::Result<void> &result, size_t bytes)
    {
        if (result)
            return qint64(bytes);
        switch (result.error().code) {
        case core::ErrorCode::DeviceGone:
            return -ENODEV;
        case core::ErrorCode::NoSpace:
            return -ENOSPC;
        default:
            return -EIO;
        }
    }
    core::BlockDevice &m_drive;
};

/// One flash of an image to some drives.
struct FlashRun {
    core::OpenImage open;
    core::FlashWriter::Options options;
    core::ProgressCell cell;

    core::Result<core::Outcome> to(const std::vector<FailingBlockDevice *> &drives,
                                   const std::stop_token &stop = {})
    {
        QStringList ids;
        for (size_t i = 0; i < drives.size(); ++i)
            ids.append(QStringLiteral("drive%1").arg(i));
        const auto openDrive = [&](const QString &id, const std::stop_token &) {
            return std::make_unique<DriveHandle>(*drives[size_t(ids.indexOf(id))]);
        };
        return core::FlashWriter(open, options).run(ids, openDrive, stop, cell);
    }
    core::Result<core::Outcome> to(FailingBlockDevice &drive, const std::stop_token &stop = {})
    {
        return to(std::vector{&drive}, stop);
    }
    [[nodiscard]] core::JobDetails details()
    {
        cell.edit([](core::JobDetails &) {});
        return *cell.takeDetails();
    }
};

} // namespace tests
