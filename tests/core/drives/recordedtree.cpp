#include "tests/core/drives/recordedtree.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace tests {

using namespace Qt::StringLiterals;

namespace {

void append(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::Append) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
}

} // namespace

RecordedTree::RecordedTree(const QString &name)
{
    QFile file(QStringLiteral(TEST_DATA_DIR "/drives/") + name + u".tree"_s);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no recorded tree %s", qPrintable(name));
    for (const QByteArray &line : file.readAll().split('\n'))
        if (!line.isEmpty() && !line.startsWith('#'))
            addLine(line);
}

core::SystemRoots RecordedTree::roots() const
{
    return {m_folder.filePath(u"sys"_s), m_folder.filePath(u"proc"_s),
            m_folder.filePath(u"run/udev/data"_s), m_folder.filePath(u"etc"_s)};
}

void RecordedTree::addLine(const QByteArray &line)
{
    const qsizetype arrow = line.indexOf(" -> ");
    if (line.startsWith("| ")) {
        append(m_file, line.mid(2) + '\n');
    } else if (line.startsWith("@ ")) {
        m_current = QDir::cleanPath(m_folder.filePath(QString::fromUtf8(line.mid(2))));
        QDir().mkpath(m_current);
    } else if (arrow > 0) {
        const QString from = m_current + u'/' + QString::fromUtf8(line.left(arrow));
        QDir().mkpath(QFileInfo(from).path());
        if (!QFile::link(m_folder.filePath(QString::fromUtf8(line.mid(arrow + 4))), from))
            qFatal("cannot link %s", line.constData());
    } else if (line.endsWith('/')) {
        QDir().mkpath(m_current + u'/' + QString::fromUtf8(line));
    } else {
        // Device numbers in names and values hold colons; names end at ": " or at the line's end.
        const qsizetype colon = line.indexOf(": ");
        addFile(colon < 0 ? line.chopped(1) : line.left(colon),
                colon < 0 ? QByteArray() : line.mid(colon + 2) + '\n');
    }
}

void RecordedTree::addFile(const QByteArray &name, const QByteArray &bytes)
{
    m_file = m_current + u'/' + QString::fromUtf8(name);
    QDir().mkpath(QFileInfo(m_file).path());
    QFile::remove(m_file);
    append(m_file, bytes);
}

void RecordedTree::write(const QString &path, const QByteArray &bytes)
{
    const QString whole = m_folder.filePath(path);
    QDir().mkpath(QFileInfo(whole).path());
    QFile::remove(whole);
    append(whole, bytes);
}

void RecordedTree::remove(const QString &path)
{
    if (!QFile::remove(m_folder.filePath(path)))
        qFatal("cannot remove %s", qPrintable(path));
}

} // namespace tests
