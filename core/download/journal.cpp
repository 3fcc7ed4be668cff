#include "core/download/journal.h"

#include "core/base/digest.h"
#include "core/base/files.h"

#include <QFileInfo>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace core {
namespace {

using namespace Qt::StringLiterals;

constexpr char Heading[] = "dray-part 1\n";
constexpr char DigestName[] = "sha256 ";
constexpr mode_t JournalMode = 0600;
constexpr qsizetype LargestJournal = 1 << 20;

class LineWriter
{
public:
    void put(const char *name, const QByteArray &value)
    {
        if (!value.isEmpty())
            m_text += QByteArray(name) + ' ' + value.toPercentEncoding() + '\n';
    }
    void put(const char *name, const QString &value) { put(name, value.toUtf8()); }
    void putRaw(const QByteArray &line) { m_text += line + '\n'; }
    [[nodiscard]] const QByteArray &text() const { return m_text; }

private:
    QByteArray m_text = Heading;
};

tl::unexpected<Error> damaged()
{
    return fail(ErrorCode::ChecksumMismatch, u"the journal is damaged"_s);
}

bool readRange(const QByteArray &value, ByteRanges &ranges)
{
    const QList<QByteArray> numbers = value.split(' ');
    if (numbers.size() != 2)
        return false;
    bool isBegin = false;
    bool isEnd = false;
    const ByteRange range{numbers[0].toLongLong(&isBegin), numbers[1].toLongLong(&isEnd)};
    ranges.add(range);
    return isBegin && isEnd && range.begin >= 0 && range.begin < range.end;
}

bool readFrontier(const QByteArray &value, QList<Frontier> &frontiers)
{
    const QList<QByteArray> parts = value.split(' ');
    if (parts.size() != 2)
        return false;
    bool isEnd = false;
    frontiers.append({parts[0].toLongLong(&isEnd), parts[1]});
    return isEnd;
}

bool readChecksum(const QByteArray &value, std::optional<Checksum> &checksum)
{
    const auto parsed = Checksum::parse(QString::fromUtf8(value));
    if (parsed)
        checksum = *parsed;
    return parsed.has_value();
}

bool readLine(const QByteArray &line, JournalRecord &record)
{
    const qsizetype space = line.indexOf(' ');
    const QByteArray name = line.first(space < 0 ? line.size() : space);
    const QByteArray raw = space < 0 ? QByteArray() : line.sliced(space + 1);
    const QByteArray value = QByteArray::fromPercentEncoding(raw);
    bool isGood = true;
    if (name == "job")
        record.jobKey = QString::fromUtf8(value);
    else if (name == "url")
        record.url = QUrl::fromEncoded(value);
    else if (name == "size")
        record.identity.size = value.toLongLong(&isGood);
    else if (name == "etag")
        record.identity.etag = value;
    else if (name == "modified")
        record.identity.lastModified = value;
    else if (name == "host")
        record.identity.host = QString::fromUtf8(value);
    else if (name == "checksum")
        isGood = readChecksum(value, record.identity.checksum);
    else if (name == "weak-date")
        record.identity.isDateWeak = true;
    else if (name == "done")
        isGood = readRange(raw, record.done);
    else if (name == "frontier")
        isGood = readFrontier(raw, record.frontiers);
    else if (name == "target")
        record.finalTarget = QString::fromUtf8(value);
    else if (name == "digest")
        record.digest = QString::fromUtf8(value);
    else if (name == "void")
        record.standing = JournalRecord::Standing::Void;
    else if (name == "changed")
        record.standing = JournalRecord::Standing::Changed;
    return isGood;
}

} // namespace

QString journalPathFor(const QString &target)
{
    return target + u".part.journal"_s;
}

QByteArray encodeJournal(const JournalRecord &record)
{
    LineWriter lines;
    lines.put("job", record.jobKey);
    lines.put("url", record.url.toEncoded(QUrl::RemoveUserInfo));
    if (record.identity.size >= 0)
        lines.put("size", QByteArray::number(record.identity.size));
    lines.put("etag", record.identity.etag);
    lines.put("modified", record.identity.lastModified);
    lines.put("host", record.identity.host);
    if (record.identity.checksum)
        lines.put("checksum", record.identity.checksum->toText());
    if (record.identity.isDateWeak)
        lines.putRaw("weak-date");
    for (const ByteRange range : record.done.list())
        lines.putRaw("done " + QByteArray::number(range.begin) + ' '
                     + QByteArray::number(range.end));
    for (const Frontier &frontier : record.frontiers)
        lines.putRaw("frontier " + QByteArray::number(frontier.end) + ' ' + frontier.digest);
    lines.put("target", record.finalTarget);
    lines.put("digest", record.digest);
    if (record.standing == JournalRecord::Standing::Void)
        lines.putRaw("void");
    if (record.standing == JournalRecord::Standing::Changed)
        lines.putRaw("changed");
    return lines.text() + DigestName + Sha256::of(lines.text()).toHex() + '\n';
}

Result<JournalRecord> decodeJournal(const QByteArray &text)
{
    const qsizetype end = text.lastIndexOf(DigestName);
    if (end < 0 || !text.startsWith(Heading))
        return damaged();
    const QByteArray body = text.first(end);
    if (text.sliced(end) != DigestName + Sha256::of(body).toHex() + '\n')
        return damaged();
    JournalRecord record;
    const QList<QByteArray> lines = body.sliced(qsizetype(sizeof(Heading)) - 1).split('\n');
    for (const QByteArray &line : lines)
        if (!readLine(line, record))
            return damaged();
    return record;
}

Result<JournalRecord> readJournal(const QString &path)
{
    if (!QFileInfo::exists(path))
        return fail(ErrorCode::NotFound, path);
    const auto fd = openFile(path, O_RDONLY | O_NOFOLLOW);
    if (!fd)
        return fail(fd.error());
    QByteArray text;
    std::array<char, 4096> buffer{};
    for (;;) {
        const ssize_t count = ::read(fd->get(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(fileError(errno, path));
        if (count == 0)
            return decodeJournal(text);
        text.append(buffer.data(), count);
        if (text.size() > LargestJournal)
            return damaged();
    }
}

Result<void> writeJournal(const QString &path, const JournalRecord &record)
{
    return writeFileAtomically(path, encodeJournal(record), JournalMode);
}

} // namespace core
