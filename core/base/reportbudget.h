#pragma once
#include "core/base/clock.h"

#include <deque>

namespace core {

/// How many changes one reporter may make: 50 in any second (PROTOCOL.md §0.5). Pure: the caller gives
/// the time, which is monotonic.
class ReportBudget
{
public:
    static constexpr size_t ChangesPerSecond = 50;

    /// One change came. False when it is one too many; it does not count then.
    [[nodiscard]] bool take(Milliseconds now);
    /// Whether nothing of it is used at `now`.
    [[nodiscard]] bool isUnused(Milliseconds now) const;

private:
    std::deque<Milliseconds> m_changes; // of the last second
};

} // namespace core
