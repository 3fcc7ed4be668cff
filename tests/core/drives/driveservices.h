#pragma once
#include <QDBusConnection>
#include <QProcess>
#include <QTemporaryDir>

namespace tests {

/// A D-Bus daemon with a bus of its own, and on request the real udevd and udisksd on it. What was
/// started ends with this, by its process.
/// Threads: used on the test's thread.
class DriveServices
{
public:
    DriveServices();
    ~DriveServices();
    Q_DISABLE_COPY_MOVE(DriveServices)

    /// Whether the bus is up; false when dbus-daemon is not installed.
    [[nodiscard]] bool hasBus() const { return m_bus.isConnected(); }
    /// The test's connection. Others are made with address().
    [[nodiscard]] QDBusConnection bus() const { return m_bus; }
    [[nodiscard]] QString address() const;

    /// Starts udevd unless one runs, and lets it look at the block devices. False when this is not
    /// possible, as without root.
    [[nodiscard]] bool startUdev();
    /// Starts udisksd and waits until it answers; false when it is not installed.
    [[nodiscard]] bool startUDisks();
    void stopUDisks();
    enum class Users { NeedPassword, MayAll };
    /// Starts polkitd on the bus, with the system's own rules and no agent that could ask for a
    /// password, or with a rule that lets every user do all with UDisks2. False when it is not installed.
    [[nodiscard]] bool startPolkit(Users users);

private:
    [[nodiscard]] bool startBus();
    /// Runs `command` on the bus and waits until it owns the name.
    [[nodiscard]] bool
    startService(QProcess &process, const QStringList &command, const QString &name);
    /// The command of a polkitd that finds only that rule in /etc: a folder mounted there for it alone.
    [[nodiscard]] QStringList polkitWithRule(const QByteArray &rule) const;
    static void end(QProcess &process);

    QTemporaryDir m_folder;
    QProcess m_daemon;
    QProcess m_udev;
    QProcess m_udisks;
    QProcess m_polkit;
    QDBusConnection m_bus{QString()};
    /// A stale database would tell later programs of drives that are gone.
    bool m_ownsUdevFolder = false;
};

} // namespace tests
