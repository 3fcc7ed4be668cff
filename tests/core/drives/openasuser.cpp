#include "core/drives/driveopener.h"

#include <QCoreApplication>

#include <cstdio>

using namespace Qt::StringLiterals;

/// openasuser BUS-ADDRESS DRIVE-ID: opens a loop device as whoever runs this, and prints "opened", or
/// the error's code and context.
int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const auto bus = QDBusConnection::connectToBus(arguments.value(1), u"user"_s);
    const core::SysfsDrives reader;
    const core::DrivePolicy policy(core::DrivePolicy::LoopDevices::Allowed);
    core::DriveIdentity wanted;
    for (const core::Drive &drive : reader.read())
        if (drive.id == arguments.value(2))
            wanted = drive.identity();
    const auto opened = core::DriveOpener(reader, policy, bus).open(wanted, {});
    const QString text = opened
        ? u"opened"_s
        : core::errorCodeName(opened.error().code) + u": "_s + opened.error().context;
    std::puts(text.toLocal8Bit().constData());
    return opened ? 0 : 1;
}
