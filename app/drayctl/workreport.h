#pragma once
#include "app/drayctl/hubconnection.h"

#include <QDeadlineTimer>
#include <QTimer>

#include <chrono>
#include <memory>

namespace app {

/// Shows work of this process as an external job, while there is a hub. The work never waits for it: a
/// hub that is not there, or goes away, is looked for again and again.
///
///   name of the job ─┬─ nobody's, or of work that ended ─► ours from the first answer on
///                    ├─ of work that was canceled before ─► "NAME (2)" and so on
///                    └─ the number of a download, say ────► failed()
///   job canceled once it is ours ─► canceled()
///
/// Threads: the main thread. Calls of the hub run in event loops of their own.
class WorkReport final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WorkReport)
public:
    /// What is reported, as job.report takes it (PROTOCOL.md §1).
    WorkReport(QString dataDir, QJsonObject state);
    ~WorkReport() override;

    void begin();
    /// What changed; the hub hears it with the next report.
    void change(const QJsonObject &members);
    /// The work has ended: from here on the hub is waited for 5 s at most in all.
    void hurry();
    /// The last report; waits for the hub's answer. It is told again to a hub that has the job and went
    /// away, or that is told too much at once.
    void end(const QJsonObject &members);

    /// The job as the hub answered it last; empty when none ever did.
    [[nodiscard]] QJsonObject job() const { return m_job; }

signals:
    /// Somebody canceled the job.
    void canceled();
    /// Why the work is not shown; said once.
    void failed(const QString &why);

private:
    enum class Again { No, Yes };

    void tick();
    Again tellOrConnect();
    Again tell();
    [[nodiscard]] HubConnection::Answer<QJsonObject> report();
    [[nodiscard]] bool takeNextName();
    [[nodiscard]] HubConnection::Answer<QJsonObject> follow();
    [[nodiscard]] bool connectToHub();
    [[nodiscard]] std::chrono::milliseconds patience() const;
    void rest() const;
    [[nodiscard]] Again onRefused(const HubConnection::Refusal &refusal);
    void onNotified();
    void complain(const QString &why);
    void setCanceled();

    QString m_dataDir;
    QString m_name; // as it was given; empty: the job has one of ours
    QJsonObject m_state;
    QJsonObject m_job;
    std::unique_ptr<HubConnection> m_hub;
    QTimer m_timer;
    qint64 m_toldAt = 0; // ms of the monotonic clock
    qint64 m_triedAt = 0;
    qint64 m_quietUntil = 0;
    QDeadlineTimer m_deadline{QDeadlineTimer::Forever};
    int m_nameNumber = 1;
    bool m_isOurs = false; // the job of that name
    bool m_hasNews = true;
    bool m_isTelling = false;
    bool m_isFollowed = false; // this connection hears of the job's end
    bool m_hasComplained = false;
    bool m_isCanceled = false;
};

} // namespace app
