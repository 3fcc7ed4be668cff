#pragma once
#include "core/download/downloadspec.h"
#include "core/jobs/jobtypes.h"

#include <QObject>
#include <QSet>

#include <stop_token>

namespace core {

class JobRegistry;
class JobStore;

/// One of a list, which becomes a job of its own.
struct ListItem {
    JobKind kind = JobKind::Download;
    /// As JobSnapshot keeps it.
    QByteArray spec;
    QString title;
    QUrl url;
    qint64 bytesPerSecond = 0; ///< 0: no limit
    QList<AfterAction> after;
};

/// Adds the items of a list (a playlist, a Metalink document), a job each, for the owner of the job
/// that found the list.
/// Threads: lives on the hub thread.
class ListItems final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ListItems)
public:
    static constexpr qsizetype MostItems = 10'000;

    /// Both must outlive this.
    ListItems(JobRegistry &registry, JobStore &store)
        : m_registry(registry)
        , m_store(store)
    { }

    /// Answers how many items there are when their jobs are on disk. An item for which the list made
    /// a job before gets no second one. Fails with `LimitExceeded` for more than MostItems jobs, what
    /// follows the items counted too, or as the
    /// store does; 0 when `stop` came first.
    /// Threads: called on the thread of the job `list`; waits for the hub thread.
    [[nodiscard]] Result<int>
    add(JobId list, const QList<ListItem> &items, const std::stop_token &stop);

private:
    using Answer = std::function<void(const Result<void> &)>;
    using Known = std::optional<QSet<QByteArray>>; ///< specs that have a job; looked up once
    void addHere(JobId list, const QList<ListItem> &items, Known &known, const Answer &answer);
    [[nodiscard]] QSet<QByteArray> itemsOf(const JobSnapshot &list) const;
    [[nodiscard]] JobId addItem(const JobSnapshot &list, const ListItem &item);

    JobRegistry &m_registry;
    JobStore &m_store;
};

} // namespace core
