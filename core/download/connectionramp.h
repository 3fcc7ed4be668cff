#pragma once
#include <QtGlobal>

#include <chrono>

namespace core {

/// How many requests a download has open at once. Pure; the caller brings time and bytes.
///
///   one request, until its speed is known
///     → double while the speed grows by more than a twentieth
///     → no gain: back to the number before, and stay there
///
/// One that is so fast that this machine is the limit stays alone: more requests would only cost.
class ConnectionRamp
{
public:
    static constexpr std::chrono::milliseconds Window{250};
    static constexpr double NeededGain = 1.05;
    static constexpr qint64 FastEnough = qint64(400) << 20; ///< bytes per second

    explicit ConnectionRamp(int most)
        : m_most(most)
    { }

    /// Tells the bytes received so far at `now` (monotonic). Answers whether target() changed.
    bool sample(std::chrono::milliseconds now, qint64 bytes);
    /// The server refused one of `open` requests: no more than what is left, from here on.
    void onRefused(int stillOpen);
    [[nodiscard]] int target() const { return m_target; }

private:
    bool decide(double bytesPerMs);
    bool setTarget(int target);

    int m_most;
    int m_target = 1;
    int m_before = 1;
    bool m_isSettled = false;
    /// The first window after a change shows connections being opened, not their speed.
    bool m_isWarm = false;
    double m_bestBytesPerMs = 0;
    std::chrono::milliseconds m_windowBegin{-1};
    qint64 m_windowBytes = 0;
};

} // namespace core
