#pragma once
#include "core/base/clock.h"

#include <atomic>

namespace tests {

/// A clock that moves only when told to.
class FakeClock final : public core::Clock
{
public:
    [[nodiscard]] core::Milliseconds wallTime() const override
    {
        return m_now.load() + m_set.load() + Epoch;
    }
    [[nodiscard]] core::Milliseconds monotonicTime() const override { return m_now.load(); }
    void advance(core::Milliseconds by) { m_now.store(m_now.load() + by); }
    /// The user sets the wall clock, forward or back; no time passes.
    void set(core::Milliseconds by) { m_set.store(m_set.load() + by); }

private:
    static constexpr core::Milliseconds Epoch{1'790'000'000'000};
    std::atomic<core::Milliseconds> m_now{core::Milliseconds{1000}};
    std::atomic<core::Milliseconds> m_set{core::Milliseconds{0}};
};

} // namespace tests
