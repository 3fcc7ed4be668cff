#pragma once
#include "core/base/files.h"
#include "core/drives/sysfsdrives.h"

#include <QObject>
#include <QTimer>

class QSocketNotifier;

namespace core {

/// Knows the drives of this computer at every moment: what is plugged in, pulled out, swapped or
/// mounted changes drives() within BurstTime. Nothing is polled.
///
///   system says "something changed" ─► readSoon ─► SysfsDrives::read ─► different? drivesChanged
///
/// An implementation listens to one source of "something changed"; mounts are watched here for all.
/// Threads: lives on the thread that made it; reading takes some milliseconds of it.
class DriveMonitor : public QObject
{
    Q_OBJECT

public:
    /// One plugged stick causes a dozen events: they are read once.
    static constexpr std::chrono::milliseconds BurstTime{20};

    explicit DriveMonitor(SysfsDrives reader, QObject *parent = nullptr);
    ~DriveMonitor() override;

    /// By path, system drives too: which may be written, DrivePolicy says.
    [[nodiscard]] const QList<Drive> &drives() const { return m_drives; }

signals:
    /// A drive was added, changed or removed, or its medium was.
    void drivesChanged(const QList<core::Drive> &drives);

protected slots:
    void readSoon();

private:
    void watchMounts();
    void read();

    const SysfsDrives m_reader;
    QList<Drive> m_drives;
    QTimer m_burst;
    FileDescriptor m_mountTable;
    std::unique_ptr<QSocketNotifier> m_mountsChanged;
};

} // namespace core
