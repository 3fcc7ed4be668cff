#pragma once
#include "core/flash/alignedbuffer.h"

#include <random>
#include <set>
#include <vector>

namespace core {

/// A quick look, before the long write, at whether a drive is as large as it says: blocks of noise at
/// growing distances and at the very end are written, flushed and read in the other order. Takes about
/// a second on a stick; what was there is put back, when the drive is honest. Nothing below 1 MiB is
/// addressed.
///
/// It finds drives whose addresses go on at 0 after a power of two, and those that keep nothing from
/// some place on. Others are found by reading everything back. A slow answer is no evidence.
class CapacityProbe
{
public:
    explicit CapacityProbe(BlockDevice &device);

    /// Fails with `CounterfeitDrive` naming the places, with `DeviceGone`, `NoSpace`, or
    /// as BlockDevice::flush does.
    [[nodiscard]] Result<void> run();

private:
    static constexpr qint64 ProbeBytes = BlockDevice::MemoryAlignment;

    [[nodiscard]] Result<void> readAll();
    [[nodiscard]] Result<void> writeAll();
    [[nodiscard]] Result<void> compareAll();
    [[nodiscard]] Result<void> restoreAll();
    /// The noise that belongs to the place.
    void fill(AlignedBuffer &buffer, qint64 offset) const;
    /// The place whose noise this is; -1 for none.
    [[nodiscard]] qint64 ownerOf(const AlignedBuffer &seen);

    BlockDevice &m_device;
    const quint64 m_seed = std::random_device()();
    std::vector<qint64> m_offsets; // ascending
    std::vector<AlignedBuffer> m_before; // what was there
    std::set<qint64> m_unwritten;
    AlignedBuffer m_wanted{ProbeBytes};
    AlignedBuffer m_seen{ProbeBytes};
};

} // namespace core
