#include "core/flash/verifier.h"

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

/// Whether the sectors that differ have nothing in common with what is wanted: something else is
/// there, instead of the same with some bits wrong.
bool isForeign(std::span<const char> found, std::span<const char> wanted)
{
    qint64 compared = 0;
    qint64 differing = 0;
    for (size_t at = 0; at < wanted.size(); at += size_t(SectorBytes)) {
        const size_t length = std::min(size_t(SectorBytes), wanted.size() - at);
        const auto a = found.subspan(at, length);
        const auto b = wanted.subspan(at, length);
        if (std::ranges::equal(a, b))
            continue;
        compared += qint64(length);
        for (size_t i = 0; i < length; ++i)
            differing += a[i] != b[i] ? 1 : 0;
    }
    return differing * 4 > compared;
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
        m_onRead(m_map.bytesOf(index));
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
    const std::span<char> all = m_read.first(paddedBytes(index));
    if (const auto read = m_device.read(qint64(index) * ExtentBytes, all); !read) {
        if (read.error().code != ErrorCode::DeviceFailed)
            return fail(read.error());
        return Reading{.isReadable = false};
    }
    const std::span<char> bytes = all.first(size_t(m_map.bytesOf(index)));
    const std::span<char> padding = all.subspan(bytes.size());
    Reading reading{ExtentDigest::of(bytes)};
    reading.isRight = reading.digest == m_map.digests[index]
        && std::ranges::all_of(padding, [](char c) { return c == '\0'; });
    if (!reading.isRight)
        reading.isUniform =
            std::ranges::all_of(bytes, [&bytes](char c) { return c == bytes.front(); });
    return reading;
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
    const std::span<char> wanted = m_wanted.first(m_map.bytesOf(index));
    std::ranges::fill(m_wanted.all(), '\0');
    if (const auto skipped = image.skip(bad.offset - position); !skipped)
        return skipped;
    const auto count = image.read(wanted);
    if (!count)
        return fail(count.error());
    position = bad.offset + *count;
    if (ExtentDigest::of(wanted) != m_map.digests[index])
        return fail(ErrorCode::ImageDamaged, u"the image changed while it was written"_s);
    const auto reading = readExtent(index);
    if (!reading)
        return fail(reading.error());
    m_sightings[which] = {reading->digest,
                          reading->isReadable
                              && isForeign(m_read.first(m_map.bytesOf(index)), wanted)};
    ++bad.rewrites;
    return m_device.write(bad.offset, m_wanted.first(paddedBytes(index)));
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

qint64 Verifier::paddedBytes(size_t index) const
{
    return roundedUp(m_map.bytesOf(index), m_device.blockBytes());
}

} // namespace core
