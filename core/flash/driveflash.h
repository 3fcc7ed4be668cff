#pragma once
#include "core/flash/badextent.h"
#include "core/flash/comparepace.h"
#include "core/flash/driveresult.h"
#include "core/flash/flashprogress.h"
#include "core/flash/imagefeed.h"
#include "core/flash/outstandingwrites.h"
#include "core/flash/verify.h"
#include "core/flash/writelimit.h"
#include "core/jobs/jobworker.h"

#include <atomic>

namespace core {

/// Writes an image to one drive. At any moment the drive has neither a valid partition table nor boot
/// code, or it is complete.
///
///   first extent taken    a damaged image costs nobody a drive
///   image fits?           before anything is written; ImageTooLarge
///   touch                 whoever must know that the drive is written is told
///   both ends wiped       first and last MiB, where partition tables are; flushed
///   capacity probed       CapacityProbe
///   the rest written      all but the first MiB, and but what is there already (ComparePace), several
///                         MiB at once (BlockDevice::writeDepth), no faster than the job's limit; the
///                         image is proven when it ends; flushed
///   the rest verified     Verifier, which mends what it can; what was found equal after the last
///                         write has been read from the medium
///   image unchanged?      what was read at different times belongs together
///   first MiB written     all but its first block, flushed, read back; then that block, the same way
///
/// Whatever fails after the wiping, and a stop, ends with both ends zero again; they are wiped when
/// no write is under way.
/// Threads: runs on the drive's thread; while the rest is written, some more write.
class DriveFlash
{
public:
    struct Part {
        BlockDevice &device;
        size_t number = 0; // among the drives of the feed
        std::shared_ptr<WriteLimit> limit = nullptr; // null: none
        /// As TouchDrive; may be empty.
        std::function<Result<void>(const std::stop_token &stop)> touch = {};
    };

    DriveFlash(Part part, ImageFeed &feed, FlashProgress &progress, OpenImage open, Verify verify);

    [[nodiscard]] Result<Outcome> run(const std::stop_token &stop);
    /// Extents that did not read back at once, mended or not.
    [[nodiscard]] const QList<BadExtent> &bad() const { return m_bad; }
    [[nodiscard]] DriveFigures figures() const;

private:
    [[nodiscard]] Result<Outcome> flash(const std::stop_token &stop);
    [[nodiscard]] Result<Outcome> takeFirst(const std::stop_token &stop);
    [[nodiscard]] Result<void> checkFits(qint64 imageBytes) const;
    [[nodiscard]] Result<void> wipeEnds();
    [[nodiscard]] Result<Outcome> writeDurably(const std::stop_token &stop);
    [[nodiscard]] Result<Outcome> writeRest(const std::stop_token &stop);
    [[nodiscard]] Result<Outcome>
    put(const Extent &extent, OutstandingWrites &writes, const std::stop_token &stop);
    /// Threads: any. Writes the pieces.
    [[nodiscard]] Result<void> writeExtent(const Extent &extent);
    [[nodiscard]] Result<void> write(qint64 offset, std::span<const char> bytes);
    /// Whether the drive holds the extent's pieces.
    [[nodiscard]] bool holds(const Extent &extent);
    /// How often every byte that is written passes: written, and verified.
    [[nodiscard]] int passes() const { return m_verify == Verify::Yes ? 2 : 1; }
    [[nodiscard]] Result<void> flush();
    [[nodiscard]] Result<Outcome> verifyRest(const std::stop_token &stop);
    [[nodiscard]] Result<void> writeFirst();
    /// Writes up to an extent, flushes and reads it back; rewrites it up to three times.
    [[nodiscard]] Result<void> writeProven(qint64 offset, std::span<const char> bytes);
    /// The first MiB was wiped and that was proven: whatever is there came from a write elsewhere.
    [[nodiscard]] Result<void> checkFirstIsBlank();
    /// Zeros that land in the first MiB look like a wiped one: whether writing it changed the image's
    /// end is looked up there.
    [[nodiscard]] Result<void> checkEndSurvived();
    [[nodiscard]] Result<bool> readsRight(size_t index);
    void leaveBlank();

    BlockDevice &m_device;
    const size_t m_number;
    const std::function<Result<void>(const std::stop_token &stop)> m_touch;
    ImageFeed &m_feed;
    FlashProgress &m_progress;
    const OpenImage m_open;
    const Verify m_verify;
    ExtentMap m_map;
    Extent m_first;
    QList<BadExtent> m_bad;
    ComparePace m_pace;
    WriteLimit::Pace m_limit;
    DriveFigures m_figures; // all but what is written
    std::atomic<qint64> m_writtenBytes{0};
    AlignedBuffer m_seen{ExtentBytes};
    /// Extents before this one were written, or may have been reached by a later write.
    size_t m_unprovenEnd = 1;
    bool m_isTouched = false;
};

} // namespace core
