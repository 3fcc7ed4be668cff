#include "core/drives/udisks2drivemonitor.h"

#include "core/drives/udisks2names.h"

#include <QDBusConnectionInterface>
#include <QDBusMessage>

namespace core {

using namespace Qt::StringLiterals;

UDisks2DriveMonitor::UDisks2DriveMonitor(QDBusConnection bus, SysfsDrives reader, QObject *parent)
    : DriveMonitor(std::move(reader), parent)
    , m_bus(std::move(bus))
    , m_watcher(udisks2::Service, m_bus, QDBusServiceWatcher::WatchForOwnerChange)
{
    connect(&m_watcher, &QDBusServiceWatcher::serviceOwnerChanged, this,
            &UDisks2DriveMonitor::onOwnerChanged);
    connectSignals();
    const QDBusConnectionInterface *owners = m_bus.interface();
    if (!owners || !owners->isServiceRegistered(udisks2::Service)) {
        useStandIn();
        requestStart();
    }
    readSoon(); // what changed between the first reading and the listening
}

void UDisks2DriveMonitor::connectSignals()
{
    // String-based: QtDBus knows no other way. The values are not used: sysfs is read instead.
    m_bus.connect(udisks2::Service, {}, udisks2::ObjectTree, u"InterfacesAdded"_s, this,
                  SLOT(readSoon()));
    m_bus.connect(udisks2::Service, {}, udisks2::ObjectTree, u"InterfacesRemoved"_s, this,
                  SLOT(readSoon()));
    m_bus.connect(udisks2::Service, {}, udisks2::Properties, u"PropertiesChanged"_s, this,
                  SLOT(readSoon()));
}

void UDisks2DriveMonitor::requestStart()
{
    QDBusMessage request =
        QDBusMessage::createMethodCall(u"org.freedesktop.DBus"_s, u"/org/freedesktop/DBus"_s,
                                       u"org.freedesktop.DBus"_s, u"StartServiceByName"_s);
    request << udisks2::Service << 0U;
    m_bus.send(request); // whether it starts, the watcher tells
}

void UDisks2DriveMonitor::useStandIn()
{
    m_standIn = std::make_unique<UdevEvents>();
    connect(m_standIn.get(), &UdevEvents::blockDeviceChanged, this, [this] { readSoon(); });
}

void UDisks2DriveMonitor::onOwnerChanged(const QString &, const QString &, const QString &after)
{
    if (after.isEmpty())
        useStandIn();
    else
        m_standIn.reset();
    readSoon();
}

} // namespace core
