#pragma once
#include <QtGlobal>

#include <array>
#include <chrono>

namespace server {

/// Values counted by the first of `Bounds::Values` that is not below them, for /metrics.
template<typename Bounds>
struct Histogram {
    static constexpr auto &Values = Bounds::Values;

    std::array<qint64, Bounds::Values.size()> counts{}; // not cumulative
    qint64 count = 0; // those above the last bound too
    double sum = 0;

    void add(double value)
    {
        for (size_t i = 0; i < counts.size(); ++i) {
            if (value <= Values[i]) {
                ++counts[i];
                break;
            }
        }
        ++count;
        sum += value;
    }
    void add(std::chrono::duration<double> time) { add(time.count()); }
    Histogram &operator+=(const Histogram &other)
    {
        for (size_t i = 0; i < counts.size(); ++i)
            counts[i] += other.counts[i];
        count += other.count;
        sum += other.sum;
        return *this;
    }
};

struct RoundTripBounds { // seconds
    static constexpr std::array Values{0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5};
};
/// From a ping to its pong.
using RoundTripHistogram = Histogram<RoundTripBounds>;

struct UnsentBounds { // bytes; progress is held back above 256 KiB, and 1 MiB is too slow
    static constexpr std::array Values{0.0, 4096.0, 65536.0, 262144.0, 1048576.0};
};
using UnsentHistogram = Histogram<UnsentBounds>;

} // namespace server
