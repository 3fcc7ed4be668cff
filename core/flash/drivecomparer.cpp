#include "core/flash/drivecomparer.h"

#include <QScopeGuard>

#include <algorithm>
#include <cstring>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr int ReadAttempts = 3; // a reader that was busy for a moment answers the next time

} // namespace

DriveComparer::DriveComparer(BlockDevice &device, ImageFeed &image, OnCompared onCompared)
    : m_device(device)
    , m_image(image)
    , m_onCompared(std::move(onCompared))
{ }

Result<Outcome> DriveComparer::run(const std::stop_token &stop)
{
    const auto leave = qScopeGuard([this] { m_image.leave(0); });
    if (const auto fits = checkFits(m_image.image().size().value_or(0)); !fits)
        return fail(fits.error());
    m_device.dropCache();
    while (true) {
        const auto extent = m_image.next(0, stop);
        if (!extent)
            return fail(extent.error());
        if (stop.stop_requested())
            return Outcome::Stopped;
        if (!*extent)
            break;
        if (const auto compared = compare(**extent); !compared)
            return fail(compared.error());
        m_onCompared((*extent)->bytes);
    }
    m_findings.restBytes = m_device.size() - m_findings.imageBytes;
    return Outcome::Completed;
}

Result<void> DriveComparer::checkFits(qint64 imageBytes) const
{
    if (imageBytes <= m_device.size())
        return {};
    return fail(ErrorCode::ImageTooLarge,
                u"%1 holds %2 bytes, the image has %3"_s.arg(m_device.name(),
                                                             QString::number(m_device.size()),
                                                             QString::number(imageBytes)));
}

Result<void> DriveComparer::compare(const Extent &extent)
{
    if (const auto fits = checkFits(extent.offset + extent.bytes); !fits)
        return fits;
    auto difference = differenceIn(extent);
    if (difference && *difference)
        difference = differenceIn(extent); // a slip of the reader is no difference
    if (!difference)
        return fail(difference.error());
    ++m_findings.extents;
    m_findings.imageBytes += extent.bytes;
    if (!*difference)
        return {};
    ++m_findings.differingExtents;
    if (m_findings.firstDifference < 0)
        m_findings.firstDifference = **difference;
    return {};
}

Result<std::optional<qint64>> DriveComparer::differenceIn(const Extent &extent)
{
    const std::span<char> seen = m_seen.first(roundedUp(extent.bytes, m_device.blockBytes()));
    Result<void> read;
    for (int attempt = 0; attempt < ReadAttempts; ++attempt) {
        read = m_device.read(extent.offset, seen);
        if (read || read.error().code != ErrorCode::DeviceFailed)
            break;
    }
    if (!read)
        return fail(read.error());
    const auto wanted = extent.buffer->first(extent.bytes);
    if (std::memcmp(wanted.data(), seen.data(), wanted.size()) == 0) // many times faster
        return std::nullopt;
    const auto differs = std::ranges::mismatch(wanted, seen).in1;
    return extent.offset + (differs - wanted.begin());
}

} // namespace core
