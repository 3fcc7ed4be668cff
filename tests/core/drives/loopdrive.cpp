#include "tests/core/drives/loopdrive.h"

#include <QProcess>
#include <QStringList>

namespace tests {

using namespace Qt::StringLiterals;

namespace {

/// What the program printed; empty when it failed.
QString outputOf(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(program, arguments);
    if (!process.waitForFinished() || process.exitCode() != 0)
        return {};
    return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
}

} // namespace

bool runs(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(program, arguments);
    return process.waitForFinished() && process.exitStatus() == QProcess::NormalExit
        && process.exitCode() == 0;
}

LoopDrive::LoopDrive(qint64 bytes, int blockBytes)
{
    if (m_file.open() && m_file.resize(bytes))
        m_path = outputOf(u"losetup"_s,
                          {u"--find"_s, u"--show"_s, u"--sector-size"_s,
                           QString::number(blockBytes), m_file.fileName()});
}

LoopDrive::~LoopDrive()
{
    if (!m_point.isEmpty() && runs(u"mountpoint"_s, {u"-q"_s, m_point})
        && !runs(u"umount"_s, {m_point}))
        qWarning("cannot unmount %s", qPrintable(m_point));
    if (isThere())
        unplug();
}

void LoopDrive::unplug()
{
    if (!runs(u"losetup"_s, {u"--detach"_s, m_path}))
        qWarning("cannot detach %s", qPrintable(m_path));
}

void LoopDrive::plug(qint64 bytes, int blockBytes)
{
    if (!m_file.resize(bytes)
        || !runs(u"losetup"_s,
                 {u"--sector-size"_s, QString::number(blockBytes), m_path, m_file.fileName()}))
        qWarning("cannot attach %s", qPrintable(m_path));
}

bool LoopDrive::mountFileSystem(const QString &label, const QString &point)
{
    if (!runs(u"mkfs.ext4"_s, {u"-q"_s, u"-L"_s, label, m_path})
        || !runs(u"mount"_s, {m_path, point}))
        return false;
    m_point = point;
    return true;
}

} // namespace tests
