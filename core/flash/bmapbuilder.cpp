#include "core/flash/bmapbuilder.h"

#include "core/base/digest.h"

namespace core {
namespace {

QByteArray element(const char *name, const QByteArray &value)
{
    return QByteArray("    <") + name + "> " + value + " </" + name + ">\n";
}

} // namespace

void BmapBuilder::add(std::span<const char> bytes)
{
    const qint64 blocks = (qint64(bytes.size()) + BlockBytes - 1) / BlockBytes;
    const QByteArray first = QByteArray::number(m_blocks);
    const QByteArray last = QByteArray::number(m_blocks + blocks - 1);
    m_ranges.append("        <Range chksum=\"" + Sha256::of(bytes).toHex() + "\"> "
                    + (blocks == 1 ? first : first + '-' + last) + " </Range>\n");
    m_blocks += blocks;
    m_bytes += qint64(bytes.size());
}

QByteArray BmapBuilder::finish() const
{
    // The file's own checksum is that of the file with zeros in its place.
    return withChecksum(Sha256::of(withChecksum(QByteArray(Sha256::Size * 2, '0'))).toHex());
}

QByteArray BmapBuilder::withChecksum(const QByteArray &checksum) const
{
    const QByteArray blocks = QByteArray::number(m_blocks);
    return "<?xml version=\"1.0\" ?>\n<bmap version=\"2.0\">\n"
        + element("ImageSize", QByteArray::number(m_bytes))
        + element("BlockSize", QByteArray::number(BlockBytes)) + element("BlocksCount", blocks)
        + element("MappedBlocksCount", blocks) + element("ChecksumType", "sha256")
        + element("BmapFileChecksum", checksum) + "    <BlockMap>\n" + m_ranges.join()
        + "    </BlockMap>\n</bmap>\n";
}

} // namespace core
