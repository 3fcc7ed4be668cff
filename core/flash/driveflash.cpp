#include "core/flash/driveflash.h"

#include "core/base/logging.h"
#include "core/flash/capacityprobe.h"
#include "core/flash/readpieces.h"
#include "core/flash/verifier.h"

#include <QScopeGuard>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr int WriteAttempts = 3; // a reader that was busy for a moment answers the next time

/// Runs `work` and adds the time that takes to `sum`.
Result<Outcome> timed(Milliseconds &sum, const std::function<Result<Outcome>()> &work)
{
    const auto begin = std::chrono::steady_clock::now();
    auto outcome = work();
    sum += std::chrono::round<Milliseconds>(std::chrono::steady_clock::now() - begin);
    return outcome;
}

} // namespace

DriveFlash::DriveFlash(
    Part part, ImageFeed &feed, FlashProgress &progress, OpenImage open, Verify verify)
    : m_device(part.device)
    , m_number(part.number)
    , m_touch(std::move(part.touch))
    , m_feed(feed)
    , m_progress(progress)
    , m_open(std::move(open))
    , m_verify(verify)
    , m_limit(std::move(part.limit))
{ }

Result<Outcome> DriveFlash::run(const std::stop_token &stop)
{
    const auto leave = qScopeGuard([this] { m_feed.leave(m_number); });
    const auto flashed = flash(stop);
    if (m_isTouched && (!flashed || *flashed == Outcome::Stopped))
        leaveBlank();
    return flashed;
}

Result<Outcome> DriveFlash::flash(const std::stop_token &stop)
{
    const auto taken = takeFirst(stop);
    if (!taken || *taken == Outcome::Stopped)
        return taken;
    const auto written = timed(m_figures.writing, [&] { return writeDurably(stop); });
    if (!written || *written == Outcome::Stopped)
        return written;
    const auto verified = timed(m_figures.verifying, [&] { return verifyRest(stop); });
    if (!verified || *verified == Outcome::Stopped)
        return verified;
    if (const auto complete = writeFirst(); !complete)
        return stop.stop_requested() ? Result<Outcome>(Outcome::Stopped) : fail(complete.error());
    return Outcome::Completed;
}

Result<Outcome> DriveFlash::takeFirst(const std::stop_token &stop)
{
    auto extent = m_feed.next(m_number, stop);
    if (!extent)
        return fail(extent.error());
    if (!*extent)
        return Outcome::Stopped; // an image has at least one
    m_first = std::move(**extent);
    m_map.add(m_first);
    const ImageSource &image = m_feed.image();
    // Where only reading tells the size, the packed file is the least it can be.
    if (const auto fits = checkFits(image.size().value_or(image.fileSize())); !fits)
        return fail(fits.error());
    return Outcome::Completed;
}

Result<void> DriveFlash::checkFits(qint64 imageBytes) const
{
    if (roundedUp(imageBytes, m_device.blockBytes()) <= m_device.size())
        return {};
    return fail(ErrorCode::ImageTooLarge,
                u"%1 holds %2 bytes, the image has %3"_s.arg(m_device.name(),
                                                             QString::number(m_device.size()),
                                                             QString::number(imageBytes)));
}

Result<void> DriveFlash::wipeEnds()
{
    m_isTouched = true;
    const AlignedBuffer zeros(ExtentBytes);
    const qint64 bytes = std::min(ExtentBytes, m_device.size());
    return writeProven(0, zeros.first(bytes)).and_then([&] {
        return writeProven(m_device.size() - bytes, zeros.first(bytes));
    });
}

Result<Outcome> DriveFlash::writeDurably(const std::stop_token &stop)
{
    if (const auto touched = m_touch ? m_touch(stop) : Result<void>(); !touched)
        return stop.stop_requested() ? Result<Outcome>(Outcome::Stopped) : fail(touched.error());
    const auto ready = wipeEnds().and_then([this] { return CapacityProbe(m_device).run(); });
    if (!ready)
        return fail(ready.error());
    const auto written = writeRest(stop);
    if (!written || *written == Outcome::Stopped)
        return written;
    return flush().map([] { return Outcome::Completed; });
}

Result<Outcome> DriveFlash::writeRest(const std::stop_token &stop)
{
    m_progress.enter(m_number, Stage::Writing);
    m_device.dropCache();
    OutstandingWrites writes(m_device.writeDepth(),
                             [this](const Extent &extent) { return writeExtent(extent); });
    while (true) {
        auto next = m_feed.next(m_number, stop);
        if (!next)
            return fail(next.error());
        if (stop.stop_requested())
            return Outcome::Stopped;
        if (!*next)
            break;
        const Extent &extent = **next;
        if (const auto fits = checkFits(extent.offset + extent.bytes); !fits)
            return fail(fits.error());
        const auto done = put(extent, writes, stop);
        if (!done || *done == Outcome::Stopped)
            return done;
        m_map.add(extent);
        m_progress.setPace(m_limit.isHeldBack() ? Pacesetter::Side::Limit : m_feed.pace());
    }
    if (const auto done = writes.drain(); !done)
        return fail(done.error());
    m_progress.setTotal(m_map.pieceBytesFrom(0) * passes());
    return Outcome::Completed;
}

Result<Outcome>
DriveFlash::put(const Extent &extent, OutstandingWrites &writes, const std::stop_token &stop)
{
    if (extent.pieces.empty())
        return Outcome::Completed;
    if (m_pace.looks()) {
        // What is found equal is proven only if it was read after the last write.
        if (const auto done = writes.drain(); !done)
            return fail(done.error());
        if (holds(extent)) {
            m_pace.foundEqual();
            m_progress.advance(m_number, bytesOf(extent.pieces));
            return Outcome::Completed;
        }
        m_pace.foundDifferent();
    }
    if (!m_limit.waitFor(bytesOf(extent.pieces), stop))
        return Outcome::Stopped;
    m_unprovenEnd = size_t(extent.offset / ExtentBytes) + 1;
    return writes.put(extent).map([] { return Outcome::Completed; });
}

Result<void> DriveFlash::writeExtent(const Extent &extent)
{
    const std::span<const char> all = extent.buffer->first(ExtentBytes);
    for (const Piece &piece : extent.pieces)
        if (const auto written =
                write(extent.offset + piece.begin, blocksOf(all, piece, m_device.blockBytes()));
            !written)
            return written;
    m_writtenBytes += bytesOf(extent.pieces);
    m_progress.advance(m_number, bytesOf(extent.pieces));
    return {};
}

bool DriveFlash::holds(const Extent &extent)
{
    const std::span<const char> all = extent.buffer->first(ExtentBytes);
    const qint64 block = m_device.blockBytes();
    return readPieces(m_device, extent.offset, extent.pieces, m_seen)
        && std::ranges::all_of(extent.pieces, [&](const Piece &piece) {
               return std::ranges::equal(blocksOf(m_seen.all(), piece, block),
                                         blocksOf(all, piece, block));
           });
}

Result<void> DriveFlash::write(qint64 offset, std::span<const char> bytes)
{
    Result<void> written = m_device.write(offset, bytes);
    for (int attempt = 1; attempt < WriteAttempts && !written; ++attempt) {
        if (written.error().code != ErrorCode::DeviceFailed)
            break;
        written = m_device.write(offset, bytes);
    }
    return written;
}

Result<void> DriveFlash::flush()
{
    m_progress.enter(m_number, Stage::Flushing);
    return m_device.flush();
}

Result<Outcome> DriveFlash::verifyRest(const std::stop_token &stop)
{
    if (stop.stop_requested())
        return Outcome::Stopped;
    if (m_verify == Verify::No)
        return Outcome::Completed;
    m_progress.enter(m_number, Stage::Verifying);
    Verifier verifier(m_device, m_map, m_open,
                      [this](qint64 bytes) { m_progress.advance(m_number, bytes); });
    auto verified = verifier.run(m_unprovenEnd, stop);
    m_bad = verifier.bad();
    if (verified && *verified == Outcome::Completed)
        m_progress.advance(m_number, m_map.pieceBytesFrom(m_unprovenEnd));
    return verified;
}

Result<void> DriveFlash::writeFirst()
{
    const qint64 block = m_device.blockBytes();
    const std::span<const char> bytes = m_first.buffer->first(roundedUp(m_first.bytes, block));
    // Memory of a write is aligned; the rest of the first extent begins one block into it.
    AlignedBuffer rest(ExtentBytes);
    std::ranges::copy(bytes.subspan(size_t(block)), rest.all().begin());
    const auto complete =
        m_feed.image()
            .checkUnchanged() // what was verified may be of two images
            .and_then([&] { return checkFirstIsBlank(); })
            .and_then([&] { return writeProven(block, rest.first(qint64(bytes.size()) - block)); })
            .and_then([&] { return checkEndSurvived(); })
            .and_then([&] { return writeProven(0, bytes.first(size_t(block))); })
            .and_then([&] { return checkEndSurvived(); });
    if (!complete)
        return complete;
    m_writtenBytes += m_first.bytes;
    m_progress.advance(m_number, m_first.bytes * passes());
    return {};
}

DriveFigures DriveFlash::figures() const
{
    DriveFigures figures = m_figures;
    figures.bytes = m_map.pieceBytesFrom(0);
    figures.writtenBytes = m_writtenBytes;
    for (const BadExtent &bad : m_bad)
        figures.rewrites += bad.rewrites;
    return figures;
}

Result<void> DriveFlash::checkFirstIsBlank()
{
    AlignedBuffer seen(ExtentBytes);
    const auto bytes = seen.first(std::min(ExtentBytes, m_device.size()));
    for (int attempt = 0; attempt <= Verifier::MostRewrites; ++attempt) {
        m_device.dropCache();
        if (const auto read = m_device.read(0, bytes); !read)
            return read;
        if (std::ranges::all_of(bytes, [](char c) { return c == '\0'; }))
            return {};
    }
    return fail(ErrorCode::CounterfeitDrive,
                u"%1: what was written elsewhere overwrites its beginning (wrapped)"_s.arg(
                    m_device.name()));
}

Result<void> DriveFlash::checkEndSurvived()
{
    if (m_verify == Verify::No)
        return {};
    for (const size_t i : m_map.atRiskFromFirst()) {
        auto isRight = readsRight(i);
        if (isRight && !*isRight)
            isRight = readsRight(i); // a slip of the reader is not the drive's size
        if (!isRight)
            return fail(isRight.error());
        if (!*isRight)
            return fail(ErrorCode::CounterfeitDrive,
                        u"%1: its beginning overwrites byte %2 (wrapped)"_s.arg(
                            m_device.name(), QString::number(m_map.offsetOf(i))));
    }
    return {};
}

Result<bool> DriveFlash::readsRight(size_t index)
{
    const Pieces &pieces = m_map.pieces[index];
    m_device.dropCache();
    if (const auto read = readPieces(m_device, m_map.offsetOf(index), pieces, m_seen); !read)
        return fail(read.error());
    return ExtentDigest::of(m_seen.all(), pieces) == m_map.digests[index];
}

Result<void> DriveFlash::writeProven(qint64 offset, std::span<const char> bytes)
{
    AlignedBuffer seen(ExtentBytes);
    const std::span<char> read = seen.first(qint64(bytes.size()));
    for (int attempt = 0; attempt <= Verifier::MostRewrites; ++attempt) {
        const auto done =
            m_device.write(offset, bytes).and_then([&] { return m_device.flush(); }).and_then([&] {
                m_device.dropCache();
                return m_device.read(offset, read);
            });
        if (!done)
            return done;
        if (std::ranges::equal(read, bytes))
            return {};
    }
    return fail(ErrorCode::VerificationFailed,
                u"%1: byte %2 does not read back as written (%3)"_s.arg(
                    m_device.name(), QString::number(offset), verdictName(Verdict::Medium)));
}

void DriveFlash::leaveBlank()
{
    const auto wiped = wipeEnds();
    if (!wiped && wiped.error().code != ErrorCode::DeviceGone) // it was wiped before it was written
        qCWarning(lcFlash, "the drive could not be left blank: %s",
                  qPrintable(wiped.error().context));
}

} // namespace core
