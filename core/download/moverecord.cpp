#include "core/download/moverecord.h"

#include "core/base/files.h"

#include <QFile>
#include <QStringList>

#include <sys/stat.h>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr mode_t PrivateMode = 0600;
/// Two lines for stamps and one for the digest; what follows is the path, which may hold line ends.
constexpr int PathLine = 3;

std::optional<FileStamp> stampFrom(const QString &text)
{
    const QStringList words = text.split(u' ');
    if (words.size() != 4)
        return std::nullopt;
    return FileStamp{words[0].toULongLong(), words[1].toULongLong(), words[2].toLongLong(),
                     words[3].toLongLong()};
}

} // namespace

QString stampText(const FileStamp &stamp)
{
    return u"%1 %2 %3 %4"_s.arg(stamp.device)
        .arg(stamp.inode)
        .arg(stamp.bytes)
        .arg(stamp.modifiedAt);
}

std::optional<FileStamp> stampOf(const QString &path)
{
    constexpr qint64 NanosecondsPerSecond = 1'000'000'000;
    struct stat found = {};
    if (::lstat(QFile::encodeName(path).constData(), &found) != 0 || !S_ISREG(found.st_mode))
        return std::nullopt;
    return FileStamp{found.st_dev, found.st_ino, found.st_size,
                     found.st_mtim.tv_sec * NanosecondsPerSecond + found.st_mtim.tv_nsec};
}

Result<void> writeMoveRecord(const QString &file, const MoveRecord &record)
{
    const QStringList lines{stampText(record.source), stampText(record.placed), record.sha256,
                            record.path};
    return writeFileAtomically(file, lines.join(u'\n').toUtf8(), PrivateMode);
}

std::optional<MoveRecord> readMoveRecord(const QString &file)
{
    QFile device(file);
    if (!device.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QString text = QString::fromUtf8(device.readAll());
    const auto source = stampFrom(text.section(u'\n', 0, 0));
    const auto placed = stampFrom(text.section(u'\n', 1, 1));
    const QString path = text.section(u'\n', PathLine);
    if (!source || !placed || path.isEmpty())
        return std::nullopt;
    return MoveRecord{path, *source, *placed, text.section(u'\n', 2, 2)};
}

} // namespace core
