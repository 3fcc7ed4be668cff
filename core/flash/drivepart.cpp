#include "core/flash/drivepart.h"

#include <cerrno>

namespace core {

using namespace Qt::StringLiterals;

Result<std::unique_ptr<BlockDevice>>
DrivePart::make(std::unique_ptr<BlockDevice> drive, Place place, QString name)
{
    const qint64 block = drive->blockBytes();
    const bool isOnDrive = place.offset >= 0 && place.bytes > 0 && place.offset <= drive->size()
        && place.bytes <= drive->size() - place.offset;
    if (!isOnDrive || place.offset % block != 0 || place.bytes % block != 0)
        return fail(ErrorCode::InvalidArgument,
                    u"%1 cannot be %2 bytes at %3 of %4"_s.arg(name)
                        .arg(place.bytes)
                        .arg(place.offset)
                        .arg(drive->size()));
    return std::unique_ptr<BlockDevice>(new DrivePart(std::move(drive), place, std::move(name)));
}

DrivePart::DrivePart(std::unique_ptr<BlockDevice> drive, Place place, QString name)
    : m_drive(std::move(drive))
    , m_place(place)
    , m_name(std::move(name))
{ }

bool DrivePart::isInside(qint64 offset, size_t bytes) const
{
    return offset >= 0 && offset <= m_place.bytes && qint64(bytes) <= m_place.bytes - offset;
}

qint64 DrivePart::readSome(qint64 offset, std::span<char> bytes)
{
    return isInside(offset, bytes.size()) ? m_drive->readSome(m_place.offset + offset, bytes)
                                          : -EINVAL;
}

qint64 DrivePart::writeSome(qint64 offset, std::span<const char> bytes)
{
    return isInside(offset, bytes.size()) ? m_drive->writeSome(m_place.offset + offset, bytes)
                                          : -ENOSPC;
}

int DrivePart::flushOnce()
{
    return m_drive->flushOnce();
}

bool DrivePart::isGone() const
{
    return m_drive->isGone();
}

} // namespace core
