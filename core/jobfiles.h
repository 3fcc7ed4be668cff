#pragma once
#include "core/base/clock.h"
#include "core/jobs/jobthreads.h"
#include "core/jobs/jobtypes.h"
#include "core/jobs/jobworker.h"

#include <QObject>
#include <QSet>

#include <functional>

namespace core {

/// Looks at files and removes what jobs left on disk, away from the hub thread: unlinking a large file can
/// take long, and a look at a network that is gone too.
///
/// Threads: lives on the hub thread; answers are given there.
class JobFiles final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobFiles)
public:
    using Cleanup = void (JobWorker::*)();
    using Deleted = std::function<void(const Result<void> &)>;

    explicit JobFiles(WorkerFactory makeWorker, QObject *parent = nullptr);
    ~JobFiles() override;

    /// Runs `cleanup` of a worker for `job`, then `done`.
    void cleanUp(const JobSnapshot &job, Cleanup cleanup, std::function<void()> done);
    /// Tells which of `paths` are there; at once when there are none.
    void look(const QStringList &paths, std::function<void(const QSet<QString> &there)> answer);
    /// Deletes one file; one that is not there counts as deleted.
    void deleteFile(const QString &path, Deleted answer);
    /// Waits at most `timeout` for what was begun. False when something still goes on.
    [[nodiscard]] bool waitForIdle(Milliseconds timeout) { return m_threads.waitForIdle(timeout); }

private:
    WorkerFactory m_makeWorker;
    JobThreads m_threads;
};

} // namespace core
