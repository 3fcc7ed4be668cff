#pragma once
#include "core/base/principal.h"
#include "core/jobs/jobtypes.h"

#include <QMultiHash>
#include <QObject>

namespace core {

class JobRegistry;

/// Finds jobs by what they fetch. Built from all jobs at the first question and kept up from then on,
/// so that adding jobs costs nothing while nobody asks.
///
/// Threads: lives on the hub thread.
class SourceIndex final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SourceIndex)
public:
    explicit SourceIndex(const JobRegistry &registry, QObject *parent = nullptr);
    ~SourceIndex() override;

    /// The jobs of `url`, its secrets included, that `who` may see and that have not ended, or succeeded
    /// with a file; the oldest first. Whether the file is still there is not looked at.
    [[nodiscard]] QList<JobSnapshot> find(const Principal &who, const QUrl &url);

private:
    void build();
    void onEvents(const JobEvents &events);
    void forget(JobId id);

    const JobRegistry &m_registry;
    QMultiHash<QString, JobId> m_jobs; // by source, which hides secrets
    QHash<JobId, QString> m_sources;
    bool m_isBuilt = false;
};

} // namespace core
