#pragma once

#include <algorithm>

namespace core {

/// When it pays to look whether the drive already holds what is about to be written. Pure.
///
/// Reading costs a fraction of writing, and on a drive that holds something else it is wasted: each
/// difference doubles how many extents are written without looking, up to 64; an equal one begins
/// anew. So the same image again costs one reading, and another image one extent read of 64.
class ComparePace
{
public:
    /// Whether to look at the next extent.
    [[nodiscard]] bool looks()
    {
        if (m_blind == 0)
            return true;
        --m_blind;
        return false;
    }
    void foundEqual() { m_pause = 0; }
    void foundDifferent()
    {
        m_pause = std::clamp(2 * m_pause, 1, MostBlind);
        m_blind = m_pause;
    }

private:
    static constexpr int MostBlind = 64; // extents
    int m_pause = 0;
    int m_blind = 0;
};

} // namespace core
