#include "core/download/mediaprogress.h"

#include <algorithm>

namespace core {

void MediaProgress::onFetched(const MediaFetched &fetched)
{
    const auto known = std::ranges::find(m_files, fetched.file, &MediaFetched::file);
    if (known == m_files.end())
        m_files.append(fetched);
    else
        *known = fetched;
}

qint64 MediaProgress::done() const
{
    qint64 sum = 0;
    for (const MediaFetched &file : m_files)
        sum += file.done;
    return sum;
}

qint64 MediaProgress::total() const
{
    qint64 sum = 0;
    for (const MediaFetched &file : m_files) {
        if (file.total < 0)
            return -1;
        sum += std::max(file.total, file.done);
    }
    for (qsizetype i = m_files.size(); i < m_sizes.size(); ++i) {
        if (m_sizes[i] < 0)
            return -1;
        sum += m_sizes[i];
    }
    return sum;
}

} // namespace core
