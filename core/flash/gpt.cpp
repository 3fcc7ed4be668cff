#include "core/flash/gpt.h"

#include "core/base/quoted.h"
#include "core/base/units.h"

#include <QtEndian>

#include <zlib.h>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 LeastHeaderBytes = 92;
constexpr qint64 HeaderCrcAt = 16;
constexpr quint32 Revision = 0x0001'0000;
constexpr quint32 LeastEntryBytes = 128;
constexpr quint32 MostEntryBytes = 4096;
constexpr qint64 MostTableBytes = 1_MiB; // 64 times what is usual
constexpr qint64 GuidBytes = 16;
constexpr qint64 NameAt = 56;
constexpr qint64 NameUnits = 36;
constexpr qint64 MbrRecordsAt = 446;
constexpr qint64 MbrRecordBytes = 16;
constexpr char ProtectiveType = '\xEE';

template<typename Number>
Number numberAt(const QByteArray &bytes, qint64 offset)
{
    return qFromLittleEndian<Number>(bytes.constData() + offset);
}

quint32 crcOf(const QByteArray &bytes)
{
    return quint32(
        ::crc32(0, reinterpret_cast<const Bytef *>(bytes.constData()), uInt(bytes.size())));
}

/// A header as it is on the drive, its places in blocks.
struct Header {
    quint64 own = 0;
    quint64 other = 0;
    quint64 firstUsable = 0;
    quint64 lastUsable = 0;
    QByteArray driveGuid;
    quint64 entries = 0; // where they are
    quint32 entryCount = 0;
    quint32 entryBytes = 0;
    quint32 entriesCrc = 0;

    [[nodiscard]] qint64 tableBytes() const { return qint64(entryCount) * entryBytes; }
    [[nodiscard]] bool isSameTable(const Header &backup) const
    {
        return own == backup.other && other == backup.own && firstUsable == backup.firstUsable
            && lastUsable == backup.lastUsable && driveGuid == backup.driveGuid
            && entryCount == backup.entryCount && entryBytes == backup.entryBytes
            && entriesCrc == backup.entriesCrc;
    }
};

/// Reads one drive's tables, step by step.
class GptReader
{
public:
    explicit GptReader(const GptDrive &drive)
        : m_drive(drive)
        , m_blocks(quint64(drive.bytes / drive.blockBytes))
    { }
    [[nodiscard]] Result<QList<GptPartition>> read() const;

private:
    [[nodiscard]] Result<void> checkProtected() const;
    [[nodiscard]] Result<Header> readHeader(quint64 block) const;
    [[nodiscard]] Result<void> checkPlaces(const Header &header) const;
    [[nodiscard]] Result<QByteArray> readTable(const Header &header) const;
    [[nodiscard]] Result<QList<GptPartition>> partitions(const Header &header,
                                                         const QByteArray &table) const;
    [[nodiscard]] Result<void> checkApart(QList<GptPartition> partitions) const;
    [[nodiscard]] Result<QByteArray> blocksAt(quint64 block, qint64 bytes) const
    {
        const qint64 whole = (bytes + m_drive.blockBytes - 1) / m_drive.blockBytes;
        return m_drive.read(qint64(block) * m_drive.blockBytes, whole * m_drive.blockBytes);
    }
    [[nodiscard]] quint64 blocksFor(qint64 bytes) const
    {
        return quint64((bytes + m_drive.blockBytes - 1) / m_drive.blockBytes);
    }
    [[nodiscard]] static tl::unexpected<Error> wrong(const QString &why)
    {
        return fail(ErrorCode::InvalidState, u"its partition table cannot be trusted: "_s + why);
    }

    const GptDrive &m_drive;
    const quint64 m_blocks;
};

Result<QList<GptPartition>> GptReader::read() const
{
    if (m_blocks < 6) // MBR, two headers, two tables, and one block for a partition
        return wrong(u"the drive is too small to have one"_s);
    if (const auto checked = checkProtected(); !checked)
        return fail(checked.error());
    const auto primary = readHeader(1);
    if (!primary)
        return fail(primary.error());
    const auto backup = readHeader(primary->other);
    if (!backup)
        return fail(backup.error());
    if (!primary->isSameTable(*backup))
        return wrong(u"the backup at block %1 says something else"_s.arg(primary->other));
    const auto table = readTable(*primary);
    if (!table)
        return fail(table.error());
    const auto copy = readTable(*backup);
    if (!copy)
        return fail(copy.error());
    if (*table != *copy)
        return wrong(u"the backup lists other partitions"_s);
    return partitions(*primary, *table);
}

/// Without it, another table may be the drive's, and this one left over.
Result<void> GptReader::checkProtected() const
{
    const auto block = blocksAt(0, m_drive.blockBytes);
    if (!block)
        return fail(block.error());
    bool isProtected = false;
    for (int i = 0; i < 4; ++i)
        isProtected =
            isProtected || block->at(MbrRecordsAt + i * MbrRecordBytes + 4) == ProtectiveType;
    if (isProtected && block->at(510) == '\x55' && block->at(511) == '\xAA')
        return {};
    return wrong(u"there is no GUID partition table"_s);
}

Result<Header> GptReader::readHeader(quint64 place) const
{
    if (place < 1 || place >= m_blocks)
        return wrong(u"its backup is said to be at block %1 of %2"_s.arg(place).arg(m_blocks));
    auto read = blocksAt(place, m_drive.blockBytes);
    if (!read)
        return fail(read.error());
    QByteArray &block = *read;
    if (!block.startsWith("EFI PART") || numberAt<quint32>(block, 8) != Revision)
        return wrong(u"there is none at block %1"_s.arg(place));
    const qint64 bytes = numberAt<quint32>(block, 12);
    if (bytes < LeastHeaderBytes || bytes > m_drive.blockBytes)
        return wrong(u"the header at block %1 says it has %2 bytes"_s.arg(place).arg(bytes));
    const quint32 crc = numberAt<quint32>(block, HeaderCrcAt);
    QByteArray summed = block.first(bytes);
    summed.replace(HeaderCrcAt, 4, QByteArray(4, '\0'));
    if (crcOf(summed) != crc)
        return wrong(u"the header at block %1 has a wrong checksum"_s.arg(place));
    Header header;
    header.own = numberAt<quint64>(block, 24);
    header.other = numberAt<quint64>(block, 32);
    header.firstUsable = numberAt<quint64>(block, 40);
    header.lastUsable = numberAt<quint64>(block, 48);
    header.driveGuid = block.sliced(56, GuidBytes);
    header.entries = numberAt<quint64>(block, 72);
    header.entryCount = numberAt<quint32>(block, 80);
    header.entryBytes = numberAt<quint32>(block, 84);
    header.entriesCrc = numberAt<quint32>(block, 88);
    if (header.own != place)
        return wrong(u"the header at block %1 says it is at %2"_s.arg(place).arg(header.own));
    return checkPlaces(header).map([&] { return header; });
}

/// Numbers of a drive may be anything: nothing is added before it is known to be small.
Result<void> GptReader::checkPlaces(const Header &header) const
{
    const auto wrongAt = [&header](const QString &what) {
        return wrong(u"the header at block %1 says %2"_s.arg(QString::number(header.own), what));
    };
    const quint32 size = header.entryBytes;
    if (size < LeastEntryBytes || size > MostEntryBytes || (size & (size - 1)) != 0)
        return wrongAt(u"entries have %1 bytes"_s.arg(size));
    if (header.entryCount == 0 || header.tableBytes() > MostTableBytes)
        return wrongAt(u"there are %1 entries"_s.arg(header.entryCount));
    if (header.firstUsable > header.lastUsable || header.lastUsable >= m_blocks)
        return wrongAt(u"partitions are in blocks %1 to %2 of %3"_s.arg(header.firstUsable)
                           .arg(header.lastUsable)
                           .arg(m_blocks));
    const quint64 tableBlocks = blocksFor(header.tableBytes());
    const bool isOnDrive = header.entries >= 1 && header.entries < m_blocks
        && tableBlocks <= m_blocks - header.entries;
    const quint64 end = isOnDrive ? header.entries + tableBlocks : 0;
    const bool isApart = end <= header.firstUsable || header.entries > header.lastUsable;
    const bool hidesHeader = header.entries <= header.own && header.own < end;
    const bool isHeaderApart = header.own < header.firstUsable || header.own > header.lastUsable;
    if (!isOnDrive || !isApart || hidesHeader || !isHeaderApart)
        return wrongAt(u"the table is at block %1"_s.arg(header.entries));
    return {};
}

Result<QByteArray> GptReader::readTable(const Header &header) const
{
    auto table = blocksAt(header.entries, header.tableBytes());
    if (!table)
        return table;
    table->truncate(header.tableBytes());
    if (crcOf(*table) != header.entriesCrc)
        return wrong(u"the table at block %1 has a wrong checksum"_s.arg(header.entries));
    return table;
}

QString nameIn(const QByteArray &entry)
{
    QString name;
    for (qint64 i = 0; i < NameUnits; ++i) {
        const auto unit = numberAt<char16_t>(entry, NameAt + 2 * i);
        if (unit == 0)
            break;
        name.append(QChar(unit));
    }
    return name;
}

Result<QList<GptPartition>> GptReader::partitions(const Header &header,
                                                  const QByteArray &table) const
{
    QList<GptPartition> found;
    for (qint64 at = 0; at < table.size(); at += header.entryBytes) {
        const QByteArray entry = table.sliced(at, header.entryBytes);
        if (entry.first(GuidBytes) == QByteArray(GuidBytes, '\0'))
            continue; // not in use
        const auto first = numberAt<quint64>(entry, 32);
        const auto last = numberAt<quint64>(entry, 40);
        const QString name = nameIn(entry);
        if (first > last || first < header.firstUsable || last > header.lastUsable)
            return wrong(u"partition \"%1\" is in blocks %2 to %3"_s.arg(quotable(name))
                             .arg(first)
                             .arg(last));
        found.append({name, qint64(first) * m_drive.blockBytes,
                      qint64(last - first + 1) * m_drive.blockBytes});
    }
    return checkApart(found).map([&] { return found; });
}

Result<void> GptReader::checkApart(QList<GptPartition> partitions) const
{
    std::ranges::sort(partitions, {}, &GptPartition::offset);
    for (qsizetype i = 1; i < partitions.size(); ++i) {
        const GptPartition &before = partitions[i - 1];
        if (before.offset + before.bytes > partitions[i].offset)
            return wrong(u"partition \"%1\" lies on \"%2\""_s.arg(quotable(partitions[i].name),
                                                                  quotable(before.name)));
    }
    return {};
}

QString namesOf(const QList<GptPartition> &partitions)
{
    QStringList names;
    for (const GptPartition &partition : partitions)
        names.append(u"\"%1\""_s.arg(quotable(partition.name)));
    return names.isEmpty() ? u"none"_s : names.join(u", "_s);
}

} // namespace

Result<QList<GptPartition>> readGpt(const GptDrive &drive)
{
    return GptReader(drive).read();
}

Result<GptPartition> partitionNamed(const QString &name, const QList<GptPartition> &partitions)
{
    const auto found = std::ranges::find(partitions, name, &GptPartition::name);
    if (found == partitions.end())
        return fail(ErrorCode::NotFound,
                    u"there is no partition \"%1\"; there are: %2"_s.arg(quotable(name),
                                                                         namesOf(partitions)));
    if (std::find_if(found + 1, partitions.end(),
                     [&name](const GptPartition &other) { return other.name == name; })
        != partitions.end())
        return fail(ErrorCode::InvalidArgument,
                    u"there are several partitions \"%1\" among: %2"_s.arg(quotable(name),
                                                                           namesOf(partitions)));
    return *found;
}

} // namespace core
