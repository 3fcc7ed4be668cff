#pragma once
#include <chrono>

namespace core {

using Milliseconds = std::chrono::milliseconds;

/// The two times the program asks for. Everything that waits or measures takes one, so tests decide
/// the time. Threads: implementations are safe to call from any thread.
class Clock
{
public:
    virtual ~Clock() = default;
    /// Wall time since 1970-01-01 UTC; may jump when the user sets the clock.
    [[nodiscard]] virtual Milliseconds wallTime() const = 0;
    /// Time since some fixed point; never goes back.
    [[nodiscard]] virtual Milliseconds monotonicTime() const = 0;
};

class SystemClock final : public Clock
{
public:
    [[nodiscard]] Milliseconds wallTime() const override;
    [[nodiscard]] Milliseconds monotonicTime() const override;
};

} // namespace core
