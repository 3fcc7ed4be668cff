#include "core/drives/mounttable.h"

#include <QDir>

namespace core {
namespace {

/// The kernel writes space, tab, newline and backslash in paths as three octal digits.
QString withoutOctalEscapes(const QByteArray &text)
{
    QByteArray result;
    for (qsizetype i = 0; i < text.size(); ++i) {
        bool isOctal = false;
        const int code = text[i] == '\\' ? text.mid(i + 1, 3).toInt(&isOctal, 8) : 0;
        result.append(isOctal ? char(code) : text[i]);
        i += isOctal ? 3 : 0;
    }
    return QString::fromUtf8(result);
}

QList<QByteArray> wordsOf(const QByteArray &line)
{
    const QByteArray words = line.simplified();
    return words.isEmpty() || words.startsWith('#') ? QList<QByteArray>() : words.split(' ');
}

/// Whether `path` is `point` or below it; the length of `point` then, else -1.
qsizetype reach(const QString &point, const QString &path)
{
    if (!path.startsWith(point))
        return -1;
    const bool isEnd = path.size() == point.size() || point.endsWith(u'/');
    return isEnd || path[point.size()] == u'/' ? point.size() : -1;
}

} // namespace

QList<MountEntry> mountsOf(const QByteArray &mountInfo)
{
    QList<MountEntry> result;
    for (const QByteArray &line : mountInfo.split('\n')) {
        // id parent devnum root point options [optional fields] - type source options
        const QList<QByteArray> words = wordsOf(line);
        const qsizetype dash = words.indexOf(QByteArray("-"), 6);
        if (dash < 0 || words.size() < dash + 3)
            continue;
        result.append({words[2], withoutOctalEscapes(words[4]),
                       withoutOctalEscapes(words[dash + 1]), withoutOctalEscapes(words[dash + 2])});
    }
    return result;
}

const MountEntry *mountHolding(const QList<MountEntry> &mounts, const QString &path)
{
    const MountEntry *best = nullptr;
    qsizetype bestReach = 0;
    for (const MountEntry &mount : mounts) {
        const qsizetype mountReach = reach(mount.point, path);
        if (mountReach < bestReach || mountReach == 0)
            continue;
        best = &mount; // of two at one point the later one covers the earlier one
        bestReach = mountReach;
    }
    return best;
}

QStringList swapsOf(const QByteArray &swaps)
{
    QStringList result;
    for (const QByteArray &line : swaps.split('\n'))
        if (line.startsWith('/'))
            result.append(withoutOctalEscapes(wordsOf(line).value(0)));
    return result;
}

QStringList permanentPointsOf(const QByteArray &fstab)
{
    QStringList result;
    for (const QByteArray &line : fstab.split('\n')) {
        const QList<QByteArray> words = wordsOf(line);
        if (words.size() < 3 || !words[1].startsWith('/'))
            continue;
        if (!words.value(3).split(',').contains("noauto"))
            result.append(QDir::cleanPath(withoutOctalEscapes(words[1])));
    }
    return result;
}

} // namespace core
