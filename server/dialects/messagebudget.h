#pragma once
#include "core/base/clock.h"

#include <QtGlobal>

#include <vector>

namespace server {

/// How many messages one connection may send: 100 a minute, 30 at once (PROTOCOL.md §0.5). Pure: the
/// caller gives the time.
class MessageBudget
{
public:
    static constexpr qint64 Burst = 30;
    static constexpr qint64 PerMinute = 100;
    static constexpr size_t MaxBreaches = 3;
    static constexpr core::Milliseconds BreachWindow = std::chrono::seconds(60);

    enum class Verdict { Allowed, Refused, RefusedForGood };

    /// One message came. The third that is refused within a minute is refused for good.
    [[nodiscard]] Verdict take(core::Milliseconds now);
    /// How long until one more is allowed.
    [[nodiscard]] core::Milliseconds wait() const;

private:
    // Counted in 1/60000 of a message, so that every millisecond adds a whole number.
    static constexpr qint64 OneMessage = 60'000;
    qint64 m_left = Burst * OneMessage;
    core::Milliseconds m_filledAt{0};
    std::vector<core::Milliseconds> m_breaches; // MaxBreaches at most
};

} // namespace server
