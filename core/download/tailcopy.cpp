#include "core/download/tailcopy.h"

#include <algorithm>
#include <cstring>

namespace core {

bool TailCopy::add(Side side, std::span<const char> bytes)
{
    QByteArray &own = side == Side::First ? m_first : m_second;
    const QByteArray &other = side == Side::First ? m_second : m_first;
    const qsizetype begin = own.size();
    const qint64 wanted = std::min(qint64(bytes.size()), m_end - m_begin - begin);
    own.append(bytes.data(), qsizetype(wanted));
    const qsizetype common = std::min(own.size(), other.size()) - begin;
    return common <= 0
        || std::memcmp(own.constData() + begin, other.constData() + begin, size_t(common)) == 0;
}

std::span<const char> TailCopy::secondFrom(qint64 position) const
{
    const qint64 skipped = std::clamp<qint64>(position - m_begin, 0, m_second.size());
    return {m_second.constData() + skipped, size_t(m_second.size() - skipped)};
}

} // namespace core
