#include "tests/core/flash/gpttable.h"
#include "tests/fuzz/target.h"

using namespace core;
using namespace tests;

namespace {

constexpr qint64 DriveBytes = 1 << 17;
constexpr qint64 HeaderBytes = 92;

/// The first byte: 4096-byte blocks or 512, checksums made right or left, the backup the same or not.
/// Then bytes that are laid over header and table.
GptTable tableFrom(const QByteArray &input)
{
    const char how = input.isEmpty() ? '\0' : input[0];
    const qint64 first = how & 1 ? 8 : 60;
    GptTable table(
        DriveBytes, how & 1 ? 4096 : 512,
        {{QStringLiteral("a"), first, first + 2}, {QStringLiteral("b"), first + 4, first + 6}});
    const QByteArray header = input.mid(1, HeaderBytes);
    const QByteArray entries = input.mid(1 + HeaderBytes, GptTable::TableBytes);
    const auto lay = [&table](qint64 at, const QByteArray &bytes) {
        for (qsizetype i = 0; i < bytes.size(); ++i)
            table.bytes()[at + i] = char(table.bytes()[at + i] ^ bytes[i]);
    };
    lay(table.blockBytes(), header);
    lay(2 * table.blockBytes(), entries);
    if (how & 4) {
        lay(table.backup(), header);
        lay(table.backupTable(), entries);
    }
    if (how & 2)
        table.sum();
    return table;
}

} // namespace

/// The drive that is read aborts on a read beyond its end; so does a partition there.
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const GptTable table = tableFrom({reinterpret_cast<const char *>(bytes), qsizetype(size)});
    GptDrive drive = table.drive();
    drive.read = [read = drive.read](qint64 offset, qint64 count) {
        if (offset < 0 || count < 0 || count > DriveBytes - offset)
            std::abort();
        return read(offset, count);
    };
    for (const GptPartition &partition : readGpt(drive).value_or(QList<GptPartition>()))
        if (partition.offset <= 0 || partition.bytes <= 0
            || partition.bytes > DriveBytes - partition.offset)
            std::abort();
    return 0;
}
