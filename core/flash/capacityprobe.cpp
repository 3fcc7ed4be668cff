#include "core/flash/capacityprobe.h"

#include "core/base/units.h"

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 BootBytes = 512;
constexpr int FewestLost = 3; // fewer bad places are a bad medium, which verifying finds and mends

} // namespace

CapacityProbe::CapacityProbe(BlockDevice &device)
    : m_device(device)
{
    const qint64 last = (device.size() - ProbeBytes) / device.blockBytes() * device.blockBytes();
    for (qint64 power = 1_MiB; power + ProbeBytes <= last; power *= 2) {
        m_offsets.push_back(power);
        if (power + power / 2 + ProbeBytes <= last)
            m_offsets.push_back(power + power / 2);
    }
    if (last >= 1_MiB)
        m_offsets.push_back(last);
}

Result<void> CapacityProbe::run()
{
    return readAll()
        .and_then([this] { return writeAll(); })
        .and_then([this] { return m_device.flush(); })
        .and_then([this] { return compareAll(); })
        .and_then([this] { return restoreAll(); });
}

/// A place that cannot be read or written is no evidence: it is left out.
Result<void> CapacityProbe::readAll()
{
    std::vector<qint64> read;
    for (const qint64 offset : m_offsets) {
        AlignedBuffer before(ProbeBytes);
        const auto result = m_device.read(offset, before.all());
        if (!result && result.error().code != ErrorCode::DeviceFailed)
            return result;
        if (!result)
            continue;
        read.push_back(offset);
        m_before.push_back(std::move(before));
    }
    m_offsets = read;
    return {};
}

Result<void> CapacityProbe::writeAll()
{
    for (const qint64 offset : m_offsets) {
        fill(m_wanted, offset);
        const auto written = m_device.write(offset, m_wanted.all());
        if (!written && written.error().code != ErrorCode::DeviceFailed)
            return written;
        if (!written)
            m_unwritten.insert(offset);
    }
    return {};
}

Result<void> CapacityProbe::compareAll()
{
    m_device.dropCache();
    int lost = 0; // in a row, from the end
    bool isRow = true;
    for (auto offset = m_offsets.rbegin(); offset != m_offsets.rend(); ++offset) {
        const auto read = m_device.read(*offset, m_seen.all());
        if (!read && read.error().code != ErrorCode::DeviceFailed)
            return read;
        fill(m_wanted, *offset);
        const bool isKept = read && std::ranges::equal(m_seen.all(), m_wanted.all());
        if (const qint64 owner = isKept || !read ? -1 : ownerOf(m_seen); owner >= 0)
            return fail(ErrorCode::CounterfeitDrive,
                        u"%1: what is written at byte %2 overwrites byte %3 (wrapped)"_s.arg(
                            m_device.name(), QString::number(owner), QString::number(*offset)));
        isRow = isRow && !isKept && read && !m_unwritten.contains(*offset);
        lost += isRow ? 1 : 0;
    }
    if (lost < FewestLost || lost == int(m_offsets.size()))
        return {};
    const qint64 from = m_offsets[m_offsets.size() - size_t(lost)];
    return fail(ErrorCode::CounterfeitDrive,
                u"%1 keeps nothing from byte %2 on"_s.arg(m_device.name(), QString::number(from)));
}

Result<void> CapacityProbe::restoreAll()
{
    for (size_t i = 0; i < m_offsets.size(); ++i) {
        const auto written = m_device.write(m_offsets[i], m_before[i].all());
        if (!written && written.error().code != ErrorCode::DeviceFailed)
            return written; // else writing the image meets it again
    }
    return {};
}

void CapacityProbe::fill(AlignedBuffer &buffer, qint64 offset) const
{
    std::mt19937_64 noise(m_seed ^ quint64(offset));
    std::ranges::fill(buffer.all(), '\0');
    // On a wrapped drive this may land at its very beginning: nothing there may look like boot code.
    for (char &byte : buffer.all().subspan(size_t(BootBytes)))
        byte = char(noise());
}

qint64 CapacityProbe::ownerOf(const AlignedBuffer &seen)
{
    for (const qint64 offset : m_offsets) {
        fill(m_wanted, offset);
        if (std::ranges::equal(seen.first(ProbeBytes), m_wanted.first(ProbeBytes)))
            return offset;
    }
    return -1;
}

} // namespace core
