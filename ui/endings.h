#pragma once
#include "core/jobs/jobtypes.h"

#include <QObject>
#include <QTimer>

namespace ui {

/// Gathers jobs that end close together, so that many small downloads become one notification.
class Endings final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Endings)
public:
    static constexpr std::chrono::milliseconds GatherTime{700};

    explicit Endings(QObject *parent = nullptr);
    ~Endings() override;

    void add(const core::JobSnapshot &job);

signals:
    /// At least one job; in the order they ended.
    void gathered(const QList<core::JobSnapshot> &jobs);

private:
    QList<core::JobSnapshot> m_jobs;
    QTimer m_timer;
};

} // namespace ui
