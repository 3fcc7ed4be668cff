#pragma once
#include <QByteArray>
#include <QByteArrayList>

#include <span>

namespace core {

/// Makes the bmap of an image that was read from a drive: the checksum of every range, so that a writer
/// proves what it reads.
///
/// Every block is mapped, zeros too: a bmap writer leaves what is not mapped as it was, and on a drive that
/// was used before, the zeros of a file system (free clusters of a FAT, an empty journal) would
/// become what was there. Format: bmap-tools, version 2.0.
class BmapBuilder
{
public:
    static constexpr qint64 BlockBytes = 4096;

    /// The next range; all but the last are whole blocks.
    void add(std::span<const char> bytes);
    /// The file's content, when the last range was added.
    [[nodiscard]] QByteArray finish() const;

private:
    [[nodiscard]] QByteArray withChecksum(const QByteArray &checksum) const;

    qint64 m_bytes = 0;
    qint64 m_blocks = 0;
    QByteArrayList m_ranges;
};

} // namespace core
