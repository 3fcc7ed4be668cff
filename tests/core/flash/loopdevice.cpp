#include "tests/core/flash/loopdevice.h"

#include <QProcess>

#include <fcntl.h>

namespace tests {

using namespace Qt::StringLiterals;

LoopDevice::LoopDevice(const QString &file, int sectorBytes, Access access)
{
    const QStringList readOnly(access == Access::ReadOnly ? 1 : 0, u"--read-only"_s);
    QProcess losetup;
    losetup.start(u"losetup"_s,
                  readOnly
                      + QStringList{u"--find"_s, u"--show"_s, u"--direct-io=on"_s,
                                    u"--sector-size"_s, QString::number(sectorBytes), file});
    losetup.waitForFinished();
    const bool hasRun = losetup.error() == QProcess::UnknownError;
    const QByteArray said =
        hasRun ? losetup.readAllStandardError() : losetup.errorString().toUtf8();
    m_why = "no loop device can be made here: " + said.trimmed();
    if (hasRun && losetup.exitCode() == 0)
        m_path = QString::fromUtf8(losetup.readAllStandardOutput()).trimmed();
}

LoopDevice::~LoopDevice()
{
    if (isAttached())
        QProcess::execute(u"losetup"_s, {u"--detach"_s, m_path});
}

core::Result<core::FileDescriptor> LoopDevice::open() const
{
    return core::openFile(m_path, O_RDWR | O_EXCL | O_DIRECT);
}

} // namespace tests
