#include "core/flash/pacesetter.h"

namespace core {

void Pacesetter::add(Duration reading, Duration waiting)
{
    using Seconds = std::chrono::duration<double>;
    m_reading = m_reading * Memory + Seconds(reading).count();
    m_waiting = m_waiting * Memory + Seconds(waiting).count();
    if (++m_extents < FewestExtents)
        return;
    if (m_reading > Lead * m_waiting)
        m_side = Side::Image;
    else if (m_waiting > Lead * m_reading)
        m_side = Side::Drives;
}

} // namespace core
