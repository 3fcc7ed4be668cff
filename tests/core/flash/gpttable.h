#pragma once
#include "core/flash/gpt.h"

#include <QtEndian>

#include <zlib.h>

namespace tests {

/// Begin and length in blocks.
struct TablePart {
    QString name;
    qint64 first = 0;
    qint64 last = 0;
};

template<typename Number>
void putNumber(QByteArray &bytes, qint64 at, Number number)
{
    qToLittleEndian(number, bytes.data() + at);
}

inline quint32 crcOf(const QByteArray &bytes)
{
    return quint32(
        ::crc32(0, reinterpret_cast<const Bytef *>(bytes.constData()), uInt(bytes.size())));
}

/// A drive's content with a protective MBR and both GPTs of 128 entries, zeros else.
class GptTable
{
public:
    GptTable(qint64 bytes, qint64 blockBytes, const QList<TablePart> &parts)
        : m_block(blockBytes)
        , m_bytes(bytes, '\0')
    {
        m_bytes[446 + 4] = '\xEE';
        m_bytes[510] = '\x55';
        m_bytes[511] = '\xAA';
        QByteArray entries;
        for (const TablePart &part : parts)
            entries += entry(part);
        entries.resize(TableBytes, '\0');
        m_bytes.replace(2 * m_block, TableBytes, entries);
        m_bytes.replace(backupTable(), TableBytes, entries);
        header(m_block, 1, lastBlock(), 2);
        header(backup(), lastBlock(), 1, backupTable() / m_block);
        sum();
    }

    static constexpr qint64 TableBytes = 128 * 128;
    [[nodiscard]] qint64 blockBytes() const { return m_block; }
    [[nodiscard]] qint64 backup() const { return m_bytes.size() - m_block; }
    [[nodiscard]] qint64 backupTable() const { return backup() - TableBytes; }
    [[nodiscard]] qint64 lastBlock() const { return m_bytes.size() / m_block - 1; }
    [[nodiscard]] qint64 firstUsable() const { return 2 + (TableBytes + m_block - 1) / m_block; }
    [[nodiscard]] qint64 lastUsable() const { return backupTable() / m_block - 1; }
    [[nodiscard]] QByteArray &bytes() { return m_bytes; }

    /// Makes all checksums right again.
    void sum()
    {
        for (const qint64 at : {m_block, backup()}) {
            const qint64 table = at == m_block ? 2 * m_block : backupTable();
            putNumber(m_bytes, at + 88, crcOf(m_bytes.mid(table, TableBytes)));
            putNumber<quint32>(m_bytes, at + 16, 0);
            putNumber(m_bytes, at + 16, crcOf(m_bytes.mid(at, 92)));
        }
    }
    /// What readGpt() reads.
    [[nodiscard]] core::GptDrive drive() const
    {
        const auto read = [this](qint64 offset, qint64 bytes) -> core::Result<QByteArray> {
            Q_ASSERT(offset >= 0 && offset % m_block == 0 && bytes % m_block == 0);
            Q_ASSERT(bytes <= m_bytes.size() - offset);
            return m_bytes.mid(offset, bytes);
        };
        return {m_bytes.size(), m_block, read};
    }

private:
    static QByteArray entry(const TablePart &part)
    {
        QByteArray made(128, '\0');
        made.replace(0, 32, QByteArray(32, 'g'));
        putNumber<qint64>(made, 32, part.first);
        putNumber<qint64>(made, 40, part.last);
        for (qsizetype i = 0; i < part.name.size(); ++i)
            putNumber<quint16>(made, 56 + 2 * i, part.name[i].unicode());
        return made;
    }
    void header(qint64 at, qint64 own, qint64 other, qint64 table)
    {
        m_bytes.replace(at, 8, "EFI PART");
        putNumber<quint32>(m_bytes, at + 8, 0x00010000);
        putNumber<quint32>(m_bytes, at + 12, 92);
        putNumber(m_bytes, at + 24, own);
        putNumber(m_bytes, at + 32, other);
        putNumber(m_bytes, at + 40, firstUsable());
        putNumber(m_bytes, at + 48, lastUsable());
        m_bytes.replace(at + 56, 16, QByteArray(16, 'd'));
        putNumber(m_bytes, at + 72, table);
        putNumber<quint32>(m_bytes, at + 80, 128);
        putNumber<quint32>(m_bytes, at + 84, 128);
    }

    const qint64 m_block;
    QByteArray m_bytes;
};

} // namespace tests
