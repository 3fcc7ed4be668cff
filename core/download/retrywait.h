#pragma once
#include "core/download/retrypolicy.h"
#include "core/jobs/progresscell.h"

#include <QTimer>

namespace core {

/// Counts a job's failures without progress and waits between them, telling the user why.
/// Threads: lives on the job's thread; waits in its event loop, so a stop ends it at once.
class RetryWait final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RetryWait)
public:
    RetryWait(const RetryPolicy &policy, ProgressCell &progress);

    /// Notes a failure; `due` follows after the policy's delay. Fails with `why` when it was the
    /// last try. Without a network the failure is not counted, and `due` follows when there is one.
    /// A wait that is under way goes on to the later of both ends.
    [[nodiscard]] Result<void> begin(const Error &why, std::chrono::milliseconds retryAfter);
    /// Bytes came: the count begins again.
    void onProgress();
    [[nodiscard]] bool isWaiting() const { return m_timer.isActive(); }
    /// Whether there is no network the request could have used.
    [[nodiscard]] bool isOffline() const { return m_policy.isOnline && !m_policy.isOnline(); }
    /// How often it may be tried before a failure is the last.
    [[nodiscard]] int triesLeft() const { return m_policy.maxTries - m_failures; }
    [[nodiscard]] int failures() const { return m_failures; }
    /// Shows the wait as what the job is busy with.
    void show();

signals:
    void due();

private:
    void waitForNetwork();
    void onTimeout();

    const RetryPolicy m_policy;
    ProgressCell &m_progress;
    QTimer m_timer;
    QString m_message;
    int m_failures = 0;
    bool m_isShown = false;
    bool m_waitsForNetwork = false;
};

} // namespace core
