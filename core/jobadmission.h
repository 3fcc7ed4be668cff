#pragma once
#include "core/base/principal.h"
#include "core/jobs/jobtypes.h"

#include <QObject>
#include <QSet>

#include <functional>

namespace core {

class JobRegistry;
class JobStore;

/// Fails with `Forbidden` naming the scope that `who` lacks.
[[nodiscard]] Result<void> requireScope(const Principal &who, Scope scope);

/// Takes jobs in so that the answer is true: it comes when the job is committed to disk, a job that
/// cannot be written is not there, and who asks again with the same key gets the first job.
///
/// Threads: lives on the hub thread; no call waits.
class JobAdmission final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobAdmission)
public:
    /// Who asked, under which key (empty: none), and the digest of what was asked for.
    struct Request {
        QString owner;
        QString idem;
        QByteArray digest;
    };
    /// Called once, on the hub thread, possibly before the call returns.
    using Answer = std::function<void(const Result<JobSnapshot> &)>;

    JobAdmission(JobRegistry &registry, JobStore &store, QObject *parent = nullptr);

    /// The job that the same request made within JobStore::IdemLifetime. Fails with `IdemReused` when
    /// the key was used for another.
    [[nodiscard]] Result<std::optional<JobId>> findEarlier(const Request &request) const;
    JobId add(const Request &request, const JobSnapshot &job);
    /// For whoever added or released the job. Fails when it cannot be written, and drops it then;
    /// `NotFound` when it was removed.
    void answerWhenCommitted(JobId id, Answer answer);
    /// For a job that findEarlier() found. The same, but it stays: it is not the asker's to lose.
    void answerEarlier(JobId id, Answer answer);

private:
    using Failed = std::function<void()>;
    void answerWhenCommitted(JobId id, Answer answer, Failed onFailed);
    void onEvents(const JobEvents &events);
    void dropUnwritten(JobId id);
    void removeLater(JobId id);

    JobRegistry &m_registry;
    JobStore &m_store;
    QSet<JobId> m_unwritten; // whose addition failed: to be canceled and forgotten
};

} // namespace core
