#pragma once
#include "core/drives/drivepolicy.h"

#include <QObject>

#include <variant>

namespace core {

/// A drive, and whether it may be written.
struct JudgedDrive {
    Drive drive;
    DriveVerdict verdict;
    friend bool operator==(const JudgedDrive &, const JudgedDrive &) = default;
};

struct DriveAdded {
    JudgedDrive drive;
};
/// The same drive with the same medium: what is on it, or mounted from it, is different.
struct DriveChanged {
    JudgedDrive before;
    JudgedDrive drive;
};
/// Pulled out, or its medium is: a drive with another medium is removed and added, so that nobody
/// keeps it chosen.
struct DriveRemoved {
    QString id;
};
using DriveEvent = std::variant<DriveAdded, DriveChanged, DriveRemoved>;
using DriveEvents = QList<DriveEvent>;

/// The drives of this computer, judged, and what becomes of them.
///
///   DriveMonitor::drivesChanged ─► update ─► changed ─► feed, FlashService, window
///
/// Threads: lives on the hub thread.
class DriveList final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DriveList)
public:
    explicit DriveList(DrivePolicy policy, QObject *parent = nullptr)
        : QObject(parent)
        , m_policy(policy)
    { }

    /// What DriveMonitor sees.
    void update(const QList<core::Drive> &drives);
    /// In the order of the monitor (by path), system drives too.
    [[nodiscard]] const QList<JudgedDrive> &drives() const { return m_drives; }
    [[nodiscard]] const DrivePolicy &policy() const { return m_policy; }

signals:
    /// What drives() shows that it did not show before: first what was removed.
    void changed(const core::DriveEvents &events);

private:
    const DrivePolicy m_policy;
    QList<JudgedDrive> m_drives;
};

} // namespace core
Q_DECLARE_METATYPE(core::DriveEvents)
