#pragma once
#include <QtGlobal>

#include <chrono>

namespace core {

/// How many requests a download has open at once. Pure; the caller brings time and bytes.
///
///   two requests, or as many as the host is known to bear
///     → double while the speed grows by more than a twentieth
///     → no gain: back to the number before, and stay there
///   refused: half as many, once an epoch, and none more while the epoch lasts
///
/// Two that are so fast that this machine is the limit become one, for as long as that one is: more
/// requests would only cost.
class ConnectionRamp
{
public:
    using Milliseconds = std::chrono::milliseconds;
    static constexpr Milliseconds Window{200};
    /// A window waits at most this long for requests that have no byte yet.
    static constexpr Milliseconds LongestOpening{2000};
    static constexpr double NeededGain = 1.05;
    static constexpr qint64 FastEnough = qint64(400) << 20; ///< bytes per second

    /// Begins with `first` requests, at most `most`.
    ConnectionRamp(int most, int first);

    /// Tells the bytes received so far at `now` (monotonic); `opening` requests have brought none
    /// yet. Answers whether target() changed.
    bool sample(Milliseconds now, qint64 bytes, int opening);
    /// The server refused a request and wants none before `pause` is over.
    void onRefused(Milliseconds now, Milliseconds pause);

    [[nodiscard]] int target() const { return m_target; }
    [[nodiscard]] int most() const { return m_most; }
    [[nodiscard]] bool isAlone() const { return m_isAlone; }
    /// Whether a request may be opened beside others.
    [[nodiscard]] bool mayOpen(Milliseconds now) const { return now >= m_openAfter; }
    /// Whether target() is what the host was found to bear.
    [[nodiscard]] bool isSettled() const { return m_isSettled; }
    [[nodiscard]] bool wasRefused() const { return m_openAfter.count() > 0; }

private:
    bool decide(double bytesPerMs);
    bool setTarget(int target);

    int m_most;
    int m_target;
    int m_before;
    bool m_isSettled = false;
    /// One request is as fast as this machine.
    bool m_isAlone = false;
    double m_bestBytesPerMs = 0;
    Milliseconds m_changedAt{-1};
    Milliseconds m_windowBegin{-1};
    Milliseconds m_openAfter{0};
    qint64 m_windowBytes = 0;
};

} // namespace core
