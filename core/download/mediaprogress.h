#pragma once
#include "core/download/medialinejson.h"

#include <QList>
#include <QMap>

namespace core {

/// One number for the several files that one video is fetched as. Pure.
class MediaProgress
{
public:
    /// The bytes of each file, -1 where they are not known.
    explicit MediaProgress(QList<qint64> sizes)
        : m_sizes(std::move(sizes))
    { }

    void onFetched(const MediaFetched &fetched);
    [[nodiscard]] qint64 done() const;
    /// -1 while the size of a file to come is not known.
    [[nodiscard]] qint64 total() const;

private:
    const QList<qint64> m_sizes;
    QList<MediaFetched> m_files; ///< in the order in which they began
};

} // namespace core
