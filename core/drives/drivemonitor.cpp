#include "core/drives/drivemonitor.h"

#include <QSocketNotifier>

#include <fcntl.h>

namespace core {

DriveMonitor::DriveMonitor(SysfsDrives reader, QObject *parent)
    : QObject(parent)
    , m_reader(std::move(reader))
    , m_drives(m_reader.read())
{
    m_burst.setSingleShot(true);
    m_burst.setInterval(BurstTime);
    connect(&m_burst, &QTimer::timeout, this, &DriveMonitor::read);
    watchMounts();
}

DriveMonitor::~DriveMonitor() = default;

void DriveMonitor::readSoon()
{
    // Not started anew while it runs: events without end must not put off the reading for ever.
    if (!m_burst.isActive())
        m_burst.start();
}

void DriveMonitor::watchMounts()
{
    auto table = openFile(m_reader.mountTablePath(), O_RDONLY);
    if (!table)
        return; // no /proc, no mounts to see
    m_mountTable = std::move(*table);
    // proc(5): a change of the mount table is an exceptional condition of this file.
    m_mountsChanged =
        std::make_unique<QSocketNotifier>(m_mountTable.get(), QSocketNotifier::Exception);
    connect(m_mountsChanged.get(), &QSocketNotifier::activated, this, &DriveMonitor::readSoon);
}

void DriveMonitor::read()
{
    QList<Drive> drives = m_reader.read(m_drives);
    if (drives == m_drives)
        return;
    m_drives = std::move(drives);
    emit drivesChanged(m_drives);
}

} // namespace core
