#pragma once
#include <chrono>

namespace core {

/// Who sets the pace where one reads an image and others write it: the one that the other waits for.
/// What is long ago counts less and less; a lead that is small changes nothing. Pure.
class Pacesetter
{
public:
    /// Limit: neither, as the user wants it. add() does not tell that.
    enum class Side { Unknown, Image, Drives, Limit };
    using Duration = std::chrono::steady_clock::duration;

    /// Another extent took that long to be read, and then that long until somebody had room for it.
    void add(Duration reading, Duration waiting);
    /// Unknown before FewestExtents.
    [[nodiscard]] Side side() const { return m_side; }

    static constexpr int FewestExtents = 32;

private:
    static constexpr double Memory = 0.98; // what an extent counts for when the next one is added
    static constexpr double Lead = 1.5; // times as long as the other
    double m_reading = 0; // seconds
    double m_waiting = 0;
    int m_extents = 0;
    Side m_side = Side::Unknown;
};

} // namespace core
