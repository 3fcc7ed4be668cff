#include "tests/core/drives/driveservices.h"

#include "core/drives/udisks2names.h"
#include "tests/core/drives/loopdrive.h"

#include <QDBusConnectionInterface>
#include <QDir>
#include <QFile>
#include <QStandardPaths>
#include <QTest>

#include <unistd.h>

namespace tests {

using namespace Qt::StringLiterals;

namespace {

constexpr int StartMilliseconds = 20'000;

QString findProgram(const QString &name)
{
    return QStandardPaths::findExecutable(name,
                                          {u"/usr/bin"_s, u"/usr/sbin"_s, u"/lib/systemd"_s,
                                           u"/usr/libexec/udisks2"_s, u"/usr/lib/polkit-1"_s});
}

} // namespace

DriveServices::DriveServices()
{
    // The bus is for other users too: polkitd runs as one.
    QFile::setPermissions(m_folder.path(), QFile::Permissions(0x7755));
    if (startBus())
        m_bus = QDBusConnection::connectToBus(address(), u"drive services "_s + m_folder.path());
}

DriveServices::~DriveServices()
{
    end(m_udisks);
    end(m_polkit);
    end(m_udev);
    if (m_ownsUdevFolder)
        QDir(u"/run/udev"_s).removeRecursively();
    QDBusConnection::disconnectFromBus(m_bus.name());
    end(m_daemon);
}

QString DriveServices::address() const
{
    return u"unix:path="_s + m_folder.filePath(u"bus"_s);
}

bool DriveServices::startBus()
{
    QFile config(m_folder.filePath(u"bus.conf"_s));
    if (!config.open(QIODevice::WriteOnly))
        return false;
    config.write("<busconfig><type>system</type><listen>" + address().toUtf8()
                 + "</listen><auth>EXTERNAL</auth><policy context=\"default\"><allow user=\"*\"/>"
                   "<allow own=\"*\"/><allow send_destination=\"*\"/>"
                   "<allow receive_sender=\"*\"/></policy></busconfig>");
    config.close();
    m_daemon.start(findProgram(u"dbus-daemon"_s),
                   {u"--nofork"_s, u"--nopidfile"_s, u"--print-address"_s, u"--config-file"_s,
                    config.fileName()});
    // It prints its address when it listens; the socket's file is there a moment earlier.
    return m_daemon.waitForStarted() && m_daemon.waitForReadyRead(StartMilliseconds);
}

bool DriveServices::startUdev()
{
    const auto answers = [] {
        return QFile::exists(u"/run/udev/control"_s)
            && runs(u"udevadm"_s, {u"control"_s, u"--ping"_s, u"--timeout=5"_s});
    };
    if (::geteuid() != 0)
        return false;
    if (!answers()) {
        m_ownsUdevFolder = !QFile::exists(u"/run/udev"_s);
        m_udev.setProcessChannelMode(QProcess::MergedChannels);
        m_udev.start(findProgram(u"systemd-udevd"_s), {});
        if (!m_udev.waitForStarted() || !QTest::qWaitFor(answers, StartMilliseconds))
            return false;
    }
    return runs(u"udevadm"_s, {u"trigger"_s, u"--subsystem-match=block"_s, u"--settle"_s});
}

bool DriveServices::startService(QProcess &process, const QStringList &command, const QString &name)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"DBUS_SYSTEM_BUS_ADDRESS"_s, address());
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(command.first(), command.mid(1));
    return process.waitForStarted()
        && QTest::qWaitFor(
               [this, &name] { return m_bus.interface()->isServiceRegistered(name).value(); },
               StartMilliseconds);
}

bool DriveServices::startUDisks()
{
    return startService(m_udisks, {findProgram(u"udisksd"_s)}, core::udisks2::Service);
}

QStringList DriveServices::polkitWithRule(const QByteArray &rule) const
{
    const QString folder = m_folder.filePath(u"rules"_s);
    QDir().mkpath(folder);
    QFile file(folder + u"/49-test.rules"_s);
    if (!file.open(QIODevice::WriteOnly) || file.write(rule) != rule.size())
        return {};
    QFile::setPermissions(folder, QFile::Permissions(0x7755));
    return {u"unshare"_s, u"--mount"_s, u"sh"_s, u"-c"_s,
            u"mount --bind '%1' /etc/polkit-1/rules.d && exec '%2'"_s.arg(
                folder, findProgram(u"polkitd"_s))};
}

bool DriveServices::startPolkit(Users users)
{
    const QByteArray rule = "polkit.addRule(function(action) {"
                            " if (action.id.indexOf('org.freedesktop.udisks2.') == 0)"
                            " return polkit.Result.YES; });";
    const QString service = u"org.freedesktop.PolicyKit1"_s;
    return users == Users::MayAll ? startService(m_polkit, polkitWithRule(rule), service)
                                  : startService(m_polkit, {findProgram(u"polkitd"_s)}, service);
}

void DriveServices::stopUDisks()
{
    end(m_udisks);
}

void DriveServices::end(QProcess &process)
{
    if (process.state() == QProcess::NotRunning)
        return;
    process.terminate();
    if (!process.waitForFinished(5000))
        process.kill();
    process.waitForFinished();
}

} // namespace tests
