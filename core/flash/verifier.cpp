#include "core/flash/verifier.h"

#include "core/flash/readpieces.h"

#include <QRandomGenerator>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 SectorBytes = 512;

size_t indexOf(const BadExtent &bad)
{
    return size_t(bad.offset / ExtentBytes);
}

struct Difference {
    qint64 compared = 0; // bytes of sectors that differ
    qint64 differing = 0;
};

void compare(std::span<const char> found, std::span<const char> wanted, Difference &difference)
{
    for (size_t at = 0; at < wanted.size(); at += size_t(SectorBytes)) {
        const size_t length = std::min(size_t(SectorBytes), wanted.size() - at);
        const auto a = found.subspan(at, length);
        const auto b = wanted.subspan(at, length);
        if (std::ranges::equal(a, b))
            continue;
        difference.compared += qint64(length);
        for (size_t i = 0; i < length; ++i)
            difference.differing += a[i] != b[i] ? 1 : 0;
    }
}

/// Whether the sectors that differ have nothing in common with what is wanted: something else is
/// there, instead of the same with some bits wrong.
bool isForeign(std::span<const char> found, std::span<const char> wanted, const Pieces &pieces)
{
    Difference difference;
    for (const Piece &piece : pieces)
        compare(blocksOf(found, piece, 1), blocksOf(wanted, piece, 1), difference);
    return difference.differing * 4 > difference.compared;
}

bool isUniform(std::span<const char> found, const Pieces &pieces)
{
    return std::ranges::all_of(pieces, [&](const Piece &piece) {
        return std::ranges::all_of(blocksOf(found, piece, 1), [&](char c) {
            return c == found[size_t(pieces.front().begin)];
        });
    });
}

} // namespace

Verifier::Verifier(BlockDevice &device, const ExtentMap &map, OpenImage open, OnRead onRead)
    : m_device(device)
    , m_map(map)
    , m_open(std::move(open))
    , m_onRead(std::move(onRead))
{ }

Result<Outcome> Verifier::run(size_t end, const std::stop_token &stop)
{
    m_device.dropCache();
    const auto read = readUpTo(end, stop);
    if (!read || *read == Outcome::Stopped)
        return read;
    if (unmended() == 0)
        return Outcome::Completed;
    if (const auto honest = refuseWrapped(); !honest)
        return fail(honest.error());
    const auto mended = mendAll(stop);
    if (!mended || *mended == Outcome::Stopped)
        return mended;
    const auto concluded = conclude();
    return concluded ? readAllAgain(stop) : concluded;
}

Result<Outcome> Verifier::readUpTo(size_t end, const std::stop_token &stop)
{
    for (size_t index = 1; index < end; ++index) {
        if (stop.stop_requested())
            return Outcome::Stopped;
        if (const auto checked = checkExtent(index); !checked)
            return fail(checked.error());
        m_onRead(bytesOf(m_map.pieces[index]));
    }
    return Outcome::Completed;
}

Result<void> Verifier::checkExtent(size_t index)
{
    const auto first = readExtent(index);
    if (!first)
        return fail(first.error());
    if (first->isRight)
        return {};
    m_device.dropCache();
    const auto second = readExtent(index);
    if (!second)
        return fail(second.error());
    BadExtent bad{qint64(index) * ExtentBytes};
    bad.isRepaired = second->isRight;
    if (first->digest != second->digest)
        bad.verdict = Verdict::Reader;
    else if (second->isUniform)
        bad.verdict = Verdict::Dropped;
    m_bad.append(bad);
    m_sightings.append({second->digest});
    return {};
}

Result<Verifier::Reading> Verifier::readExtent(size_t index)
{
    const Pieces &pieces = m_map.pieces[index];
    if (const auto read = readPieces(m_device, m_map.offsetOf(index), pieces, m_read); !read) {
        if (read.error().code != ErrorCode::DeviceFailed)
            return fail(read.error());
        return Reading{.isReadable = false};
    }
    Reading reading{ExtentDigest::of(m_read.all(), pieces)};
    reading.isRight = reading.digest == m_map.digests[index] && isPaddingZero(pieces);
    if (!reading.isRight)
        reading.isUniform = isUniform(m_read.all(), pieces);
    return reading;
}

bool Verifier::isPaddingZero(const Pieces &pieces)
{
    if (pieces.empty())
        return true;
    const Piece &last = pieces.back();
    const auto blocks = blocksOf(m_read.all(), last, m_device.blockBytes());
    return std::ranges::all_of(blocks.subspan(size_t(last.end - last.begin)),
                               [](char c) { return c == '\0'; });
}

Result<void> Verifier::refuseWrapped()
{
    for (qsizetype i = 0; i < m_bad.size(); ++i) {
        if (m_bad[i].isRepaired || m_bad[i].verdict != Verdict::Medium)
            continue;
        const auto other = std::ranges::find(m_map.digests, m_sightings[i].digest);
        const qint64 offset = (other - m_map.digests.begin()) * ExtentBytes;
        if (other == m_map.digests.end() || offset == m_bad[i].offset)
            continue;
        const auto isSame = isSamePlace(offset, m_bad[i].offset);
        if (!isSame)
            return fail(isSame.error());
        if (!*isSame)
            continue;
        m_bad[i].verdict = Verdict::Wrapped;
        return fail(
            ErrorCode::CounterfeitDrive,
            u"%1: what is written at byte %2 overwrites byte %3 (wrapped)"_s.arg(
                m_device.name(), QString::number(offset), QString::number(m_bad[i].offset)));
    }
    return {};
}

/// Whether a write at `a` is seen at `b`. What was at `a` is put back.
Result<bool> Verifier::isSamePlace(qint64 a, qint64 b)
{
    const qint64 bytes = BlockDevice::MemoryAlignment;
    AlignedBuffer before(bytes);
    AlignedBuffer mark(bytes);
    AlignedBuffer seen(bytes);
    for (char &byte : mark.all())
        byte = char(QRandomGenerator::global()->generate());
    if (const auto read = m_device.read(a, before.all()); !read)
        return fail(read.error());
    const auto shown =
        m_device.write(a, mark.all()).and_then([&] { return m_device.flush(); }).and_then([&] {
            m_device.dropCache();
            return m_device.read(b, seen.all());
        });
    if (!shown)
        return fail(shown.error());
    if (const auto restored = m_device.write(a, before.all()); !restored)
        return fail(restored.error());
    return std::ranges::equal(mark.all(), seen.all());
}

Result<Outcome> Verifier::mendAll(const std::stop_token &stop)
{
    const bool isHopeless = unmended() > MostMended;
    for (int round = 0; round < MostRewrites && unmended() > 0 && !isHopeless; ++round) {
        const auto rewritten = rewriteBad(stop);
        if (!rewritten || *rewritten == Outcome::Stopped)
            return rewritten;
        if (const auto read = rereadBad(); !read)
            return fail(read.error());
    }
    return Outcome::Completed;
}

Result<Outcome> Verifier::rewriteBad(const std::stop_token &stop)
{
    auto image = m_open(DecodeLimits{.threads = 1});
    if (!image)
        return fail(image.error());
    qint64 position = 0;
    for (qsizetype i = 0; i < m_bad.size(); ++i) {
        if (stop.stop_requested())
            return Outcome::Stopped;
        if (m_bad[i].isRepaired)
            continue;
        if (const auto rewritten = rewrite(i, **image, position); !rewritten)
            return fail(rewritten.error());
    }
    if (const auto flushed = m_device.flush(); !flushed)
        return fail(flushed.error());
    m_device.dropCache();
    return Outcome::Completed;
}

Result<void> Verifier::rewrite(qsizetype which, ImageSource &image, qint64 &position)
{
    BadExtent &bad = m_bad[which];
    const size_t index = indexOf(bad);
    const Pieces &pieces = m_map.pieces[index];
    const std::span<char> wanted = m_wanted.first(std::min(ExtentBytes, m_map.bytes - bad.offset));
    std::ranges::fill(m_wanted.all(), '\0');
    if (const auto skipped = image.skip(bad.offset - position); !skipped)
        return skipped;
    const auto count = image.read(wanted);
    if (!count)
        return fail(count.error());
    position = bad.offset + *count;
    if (*count != qint64(wanted.size()) || ExtentDigest::of(wanted, pieces) != m_map.digests[index])
        return fail(ErrorCode::ImageDamaged, u"the image changed while it was written"_s);
    const auto reading = readExtent(index);
    if (!reading)
        return fail(reading.error());
    m_sightings[which] = {reading->digest,
                          reading->isReadable && isForeign(m_read.all(), wanted, pieces)};
    ++bad.rewrites;
    for (const Piece &piece : pieces)
        if (const auto written = m_device.write(
                bad.offset + piece.begin, blocksOf(m_wanted.all(), piece, m_device.blockBytes()));
            !written)
            return written;
    return {};
}

Result<void> Verifier::rereadBad()
{
    for (qsizetype i = 0; i < m_bad.size(); ++i) {
        if (m_bad[i].isRepaired)
            continue;
        const auto reading = readExtent(indexOf(m_bad[i]));
        if (!reading)
            return fail(reading.error());
        m_bad[i].isRepaired = reading->isRight;
        const bool isUnchanged = reading->digest == m_sightings[i].digest;
        if (isUnchanged && m_sightings[i].isForeign && m_bad[i].verdict == Verdict::Medium)
            m_bad[i].verdict = Verdict::Dropped;
    }
    return {};
}

Result<Outcome> Verifier::readAllAgain(const std::stop_token &stop)
{
    m_device.dropCache();
    for (size_t index = 1; index < m_map.count(); ++index) {
        if (stop.stop_requested())
            return Outcome::Stopped;
        const auto first = readExtent(index);
        if (!first)
            return fail(first.error());
        const auto second = first->isRight ? first : readExtent(index);
        if (!second)
            return fail(second.error());
        if (!second->isRight)
            return fail(ErrorCode::VerificationFailed,
                        u"%1: mending other places broke byte %2 (wrapped or medium)"_s.arg(
                            m_device.name(), QString::number(qint64(index) * ExtentBytes)));
    }
    return Outcome::Completed;
}

qsizetype Verifier::unmended() const
{
    return std::ranges::count_if(m_bad, [](const BadExtent &bad) { return !bad.isRepaired; });
}

Result<Outcome> Verifier::conclude() const
{
    const auto first = std::ranges::find(m_bad, false, &BadExtent::isRepaired);
    if (first == m_bad.end())
        return Outcome::Completed;
    return fail(ErrorCode::VerificationFailed,
                u"%1: %2 MiB of %3 do not read back as written, the first at byte %4 (%5)"_s.arg(
                    m_device.name(), QString::number(unmended()), QString::number(m_map.count()),
                    QString::number(first->offset), verdictName(first->verdict)));
}

} // namespace core
