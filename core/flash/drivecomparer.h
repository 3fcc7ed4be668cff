#pragma once
#include "core/flash/imagefeed.h"
#include "core/jobs/jobworker.h"

namespace core {

/// Compares a drive with an image, byte by byte, from the first extent to the image's last.
/// Threads: used by one thread.
class DriveComparer
{
public:
    struct Findings {
        qint64 imageBytes = 0; ///< that were compared
        qint64 firstDifference = -1; ///< offset in bytes; -1: there is none
        qint64 extents = 0;
        qint64 differingExtents = 0; ///< of ExtentBytes each, the last may be shorter
        qint64 restBytes = 0; ///< of the drive, behind the image's end, that nobody looked at
    };

    /// Called with the bytes of every extent that was compared.
    using OnCompared = std::function<void(qint64 bytes)>;

    /// `image` was started for one drive.
    DriveComparer(BlockDevice &device, ImageFeed &image, OnCompared onCompared);

    /// Completed also when they differ. Fails with `ImageTooLarge`, as ImageFeed::next() and as
    /// BlockDevice does.
    [[nodiscard]] Result<Outcome> run(const std::stop_token &stop);
    [[nodiscard]] const Findings &findings() const { return m_findings; }

private:
    [[nodiscard]] Result<void> checkFits(qint64 imageBytes) const;
    [[nodiscard]] Result<void> compare(const Extent &extent);
    /// Where the drive has another byte than the extent; nullopt: nowhere.
    [[nodiscard]] Result<std::optional<qint64>> differenceIn(const Extent &extent);

    BlockDevice &m_device;
    ImageFeed &m_image;
    const OnCompared m_onCompared;
    AlignedBuffer m_seen{ExtentBytes};
    Findings m_findings;
};

} // namespace core
