#include "core/download/sourceurls.h"

namespace core {

bool SourceUrls::moveOn()
{
    m_current = (m_current + 1) % m_urls.size();
    if (++m_failed < m_urls.size())
        return true;
    m_failed = 0;
    return false;
}

bool SourceUrls::leaveOut()
{
    if (m_urls.size() == 1)
        return false;
    m_urls.removeAt(m_current);
    m_current %= m_urls.size();
    return true;
}

} // namespace core
