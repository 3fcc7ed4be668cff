#include "core/drives/mountusers.h"

#include "core/drives/blockstack.h"

#include <QDir>
#include <QFileInfo>

namespace core {

using namespace Qt::StringLiterals;

namespace {

bool isBelow(const QString &link, const QString &point)
{
    const QString target = QFile::symLinkTarget(link);
    return target == point || target.startsWith(point + u'/');
}

/// `process` is its folder in /proc.
bool isUsing(const QString &process, const QString &point)
{
    for (const auto place : {"/cwd"_L1, "/root"_L1, "/exe"_L1})
        if (isBelow(process + place, point))
            return true;
    const QDir open(process + u"/fd"_s);
    for (const QString &fd : open.entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot))
        if (isBelow(open.filePath(fd), point))
            return true;
    return false;
}

} // namespace

QStringList programsUsing(const QString &point, const QString &proc)
{
    QStringList names;
    const QDir processes(proc);
    for (const QString &id : processes.entryList({u"[0-9]*"_s}, QDir::Dirs))
        if (isUsing(processes.filePath(id), point))
            names.append(QString::fromUtf8(smallFile(processes.filePath(id) + u"/comm"_s)));
    names.removeAll(QString());
    names.removeDuplicates();
    return names;
}

} // namespace core
