#include "core/download/segmentintake.h"

#include "core/base/units.h"

#include <algorithm>

namespace core {
namespace {

constexpr qint64 BufferBytes = 256_KiB;

} // namespace

SegmentIntake::SegmentIntake(SegmentBoard &board,
                             FileAssembly &assembly,
                             std::shared_ptr<SpeedLimits::Share> speed)
    : m_board(board)
    , m_assembly(assembly)
    , m_speed(std::move(speed))
    , m_buffer(size_t(BufferBytes))
{ }

Result<SegmentIntake::Step>
SegmentIntake::step(Segment &segment, qint64 extension, std::chrono::milliseconds now)
{
    const auto lease = m_assembly.planner().find(segment.lease);
    if (!lease)
        return Step::Nothing;
    if (segment.unproven && segment.position == lease->position) {
        m_assembly.adoptIdentity(*segment.unproven);
        segment.unproven.reset();
        return Step::Proven;
    }
    const bool isOverlap = segment.position < lease->position;
    const qint64 end = isOverlap ? lease->position : lease->end;
    const std::span<const char> bytes = read(segment, end - segment.position, now);
    if (bytes.empty())
        return Step::Nothing;
    return isOverlap ? compare(segment, bytes) : write(segment, bytes, extension);
}

Result<void> SegmentIntake::takeCopy(int original, int connection)
{
    const auto id = m_board.at(original).lease;
    const auto lease = m_assembly.planner().find(id);
    if (!lease)
        return {};
    return m_assembly.write(id, m_board.tails().bytesFrom(connection, lease->position));
}

std::span<const char>
SegmentIntake::read(Segment &segment, qint64 most, std::chrono::milliseconds now)
{
    const qint64 wanted = std::min(BufferBytes, most);
    const qint64 allowed = m_speed ? m_speed->take(wanted) : wanted;
    const qint64 count = allowed > 0 ? segment.fetch->read({m_buffer.data(), size_t(allowed)}) : 0;
    if (m_speed)
        m_speed->giveBack(allowed - count);
    if (count > 0)
        m_board.plan().onBytes(segment.connection, count, now);
    m_received += count;
    return {m_buffer.data(), size_t(count)};
}

Result<SegmentIntake::Step> SegmentIntake::compare(Segment &segment,
                                                   std::span<const char> bytes) const
{
    const auto isSame = m_assembly.holds(segment.position, bytes);
    if (!isSame)
        return fail(isSame.error());
    segment.position += qint64(bytes.size());
    return *isSame ? Step::Moved : Step::Unequal;
}

Result<SegmentIntake::Step>
SegmentIntake::write(Segment &segment, std::span<const char> bytes, qint64 extension)
{
    if (!m_board.tails().agrees(segment.connection, bytes))
        return Step::Differed;
    RangePlanner &planner = m_assembly.planner();
    const auto lease = planner.find(segment.lease);
    segment.position += qint64(bytes.size());
    const bool isUsedUp = qint64(bytes.size()) == lease->remaining();
    if (isUsedUp && lease->end < segment.asked.range.end)
        planner.extend(segment.lease, std::min(extension, segment.asked.range.end - lease->end));
    if (const auto written = m_assembly.write(segment.lease, bytes); !written)
        return fail(written.error());
    return Step::Moved;
}

} // namespace core
