#pragma once
#include <QByteArray>
#include <QCryptographicHash>
#include <QList>
#include <QPair>
#include <QRandomGenerator>
#include <QString>

namespace tests {

/// First and last block.
using BlockRange = QPair<qint64, qint64>;

/// An image with holes: `blocks` of zeros where no range is, noise elsewhere.
struct GapImage {
    QByteArray bytes;
    qint64 blockBytes = 4096;
    QList<BlockRange> ranges;
};

inline QByteArray noise(qint64 bytes, QRandomGenerator &random)
{
    QByteArray made(bytes, Qt::Uninitialized);
    for (char &byte : made)
        byte = char(random.generate());
    return made;
}

/// Ranges by chance, of 1 to `longest` blocks with as many between them.
inline GapImage gapImage(qint64 size, qint64 blockBytes, quint32 longest, quint32 seed)
{
    QRandomGenerator random(seed);
    GapImage image{QByteArray(size, '\0'), blockBytes, {}};
    const qint64 blocks = (size + blockBytes - 1) / blockBytes;
    for (qint64 at = random.bounded(longest); at < blocks; at += 1 + random.bounded(longest)) {
        const qint64 last = std::min<qint64>(at + random.bounded(longest), blocks - 1);
        image.ranges.append({at, last});
        const qint64 begin = at * blockBytes;
        const qint64 end = std::min((last + 1) * blockBytes, size);
        if (random.bounded(4) > 0) // else it is mapped, and zero
            image.bytes.replace(begin, end - begin, noise(end - begin, random));
        at = last + 1;
    }
    return image;
}

inline QByteArray sha256Hex(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

/// What bmaptool writes, as version 2.0; `change` is applied before the file gets its own checksum.
inline QByteArray
bmapText(const GapImage &image, const QByteArray &find = {}, const QByteArray &replaceBy = {})
{
    const QByteArray zeros(64, '0');
    qint64 mapped = 0;
    QByteArray ranges;
    for (const auto &[first, last] : image.ranges) {
        const QByteArray bytes =
            image.bytes.mid(first * image.blockBytes, (last - first + 1) * image.blockBytes);
        mapped += last - first + 1;
        ranges += "<Range chksum=\"" + sha256Hex(bytes) + "\"> " + QByteArray::number(first)
            + (first == last ? QByteArray() : '-' + QByteArray::number(last)) + " </Range>\n";
    }
    const qint64 blocks = (image.bytes.size() + image.blockBytes - 1) / image.blockBytes;
    QByteArray text =
        "<?xml version=\"1.0\" ?>\n<!-- a map -->\n<bmap version=\"2.0\">\n<ImageSize> "
        + QByteArray::number(image.bytes.size()) + " </ImageSize>\n<BlockSize> "
        + QByteArray::number(image.blockBytes) + " </BlockSize>\n<BlocksCount> "
        + QByteArray::number(blocks) + " </BlocksCount>\n<MappedBlocksCount> "
        + QByteArray::number(mapped)
        + " </MappedBlocksCount>\n<ChecksumType> sha256 </ChecksumType>\n<BmapFileChecksum> "
        + zeros + " </BmapFileChecksum>\n<BlockMap>\n" + ranges + "</BlockMap>\n</bmap>\n";
    if (!find.isEmpty())
        text.replace(find, replaceBy);
    const qsizetype own = text.indexOf(zeros);
    return own < 0 ? text : text.replace(own, zeros.size(), sha256Hex(text));
}

} // namespace tests
