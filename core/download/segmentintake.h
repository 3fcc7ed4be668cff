#pragma once
#include "core/download/segmentboard.h"
#include "core/download/speedlimits.h"

namespace core {

/// Moves what requests brought into the file, as fast as the limit allows:
///
///   the overlap, when there is one, is compared with the bytes that are here
///   bytes that a second request brought too are compared with those
///   everything else is written
///
/// Threads: used on the job's thread.
class SegmentIntake
{
public:
    enum class Step {
        Nothing, ///< nothing to move for now
        Moved,
        Proven, ///< the whole overlap was the same: who answered has the file that is here
        Unequal, ///< the overlap was not the same: who answered has another file
        Differed, ///< bytes of more than one file
    };

    /// `board` and `assembly` must outlive this; `speed` null: no limit.
    SegmentIntake(SegmentBoard &board,
                  FileAssembly &assembly,
                  std::shared_ptr<SpeedLimits::Share> speed);

    /// Moves at most one buffer. A lease that is used up grows by at most `extension` bytes, as far
    /// as its request asked.
    [[nodiscard]] Result<Step>
    step(SegmentBoard::Segment &segment, qint64 extension, std::chrono::milliseconds now);
    /// Writes what the second request `connection` brought of the lease that `original` holds.
    [[nodiscard]] Result<void> takeCopy(int original, int connection);
    /// Bytes read so far, those compared too.
    [[nodiscard]] qint64 received() const { return m_received; }
    [[nodiscard]] bool isLimited() const { return m_speed && m_speed->isLimited(); }

private:
    using Segment = SegmentBoard::Segment;

    [[nodiscard]] std::span<const char>
    read(Segment &segment, qint64 most, std::chrono::milliseconds now);
    [[nodiscard]] Result<Step> compare(Segment &segment, std::span<const char> bytes) const;
    [[nodiscard]] Result<Step>
    write(Segment &segment, std::span<const char> bytes, qint64 extension);

    SegmentBoard &m_board;
    FileAssembly &m_assembly;
    const std::shared_ptr<SpeedLimits::Share> m_speed;
    std::vector<char> m_buffer;
    qint64 m_received = 0;
};

} // namespace core
