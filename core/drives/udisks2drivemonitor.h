#pragma once
#include "core/drives/drivemonitor.h"
#include "core/drives/udevevents.h"

#include <QDBusConnection>
#include <QDBusServiceWatcher>

namespace core {

/// The drives by the signals of UDisks2, which reach sandboxes too. While UDisks2 is not there
/// (not installed, stopped, starting again) udev's events stand in.
///
///   UDisks2 appears ─► read, its signals count      UDisks2 goes ─► read, udev's events count
class UDisks2DriveMonitor final : public DriveMonitor
{
    Q_OBJECT

public:
    /// Listens on `bus`, as a rule the system bus, and asks it once to start UDisks2. A bus that is not
    /// connected is one without UDisks2.
    UDisks2DriveMonitor(QDBusConnection bus, SysfsDrives reader, QObject *parent = nullptr);

    /// Whether UDisks2 runs, so that its signals are what is listened to.
    [[nodiscard]] bool isServed() const { return m_standIn == nullptr; }

private slots:
    void onOwnerChanged(const QString &service, const QString &before, const QString &after);

private:
    void connectSignals();
    void requestStart();
    void useStandIn();

    QDBusConnection m_bus;
    QDBusServiceWatcher m_watcher;
    std::unique_ptr<UdevEvents> m_standIn;
};

} // namespace core
