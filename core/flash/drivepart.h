#pragma once
#include "core/flash/blockdevice.h"

#include <memory>

namespace core {

/// A part of a drive that is written as if it were the drive: what is addressed here is never outside
/// of it. Holds the whole drive open.
class DrivePart final : public BlockDevice
{
public:
    struct Place {
        qint64 offset = 0; ///< on the drive, in whole blocks, as `bytes`
        qint64 bytes = 0;
    };
    /// `name` as a log calls it. Fails with `InvalidArgument` when the drive does not hold the place.
    [[nodiscard]] static Result<std::unique_ptr<BlockDevice>>
    make(std::unique_ptr<BlockDevice> drive, Place place, QString name);

    [[nodiscard]] QString name() const override { return m_name; }
    [[nodiscard]] qint64 size() const override { return m_place.bytes; }
    [[nodiscard]] qint64 blockBytes() const override { return m_drive->blockBytes(); }
    [[nodiscard]] int writeDepth() const override { return m_drive->writeDepth(); }
    void dropCache() override { m_drive->dropCache(); }

protected:
    [[nodiscard]] qint64 readSome(qint64 offset, std::span<char> bytes) override;
    [[nodiscard]] qint64 writeSome(qint64 offset, std::span<const char> bytes) override;
    [[nodiscard]] int flushOnce() override;
    [[nodiscard]] bool isGone() const override;

private:
    DrivePart(std::unique_ptr<BlockDevice> drive, Place place, QString name);
    [[nodiscard]] bool isInside(qint64 offset, size_t bytes) const;

    const std::unique_ptr<BlockDevice> m_drive;
    const Place m_place;
    const QString m_name;
};

} // namespace core
