#pragma once
#include "core/download/mediaspec.h"
#include "core/jobs/jobtypes.h"

#include <QObject>
#include <QSet>

#include <stop_token>

namespace core {

class JobRegistry;
class JobStore;

/// Adds the items of a list, a media job each, for the owner of the job that found the list.
/// Threads: lives on the hub thread.
class MediaItems final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MediaItems)
public:
    static constexpr qsizetype MostItems = 10'000;

    /// Both must outlive this.
    MediaItems(JobRegistry &registry, JobStore &store)
        : m_registry(registry)
        , m_store(store)
    { }

    /// Answers how many items there are when their jobs are on disk. An item for which the list made
    /// a job before gets no second one. Fails with `LimitExceeded` for more than MostItems, or as the
    /// store does; 0 when `stop` came first.
    /// Threads: called on the thread of the job `list`; waits for the hub thread.
    [[nodiscard]] Result<int>
    add(JobId list, const QList<MediaItem> &items, const std::stop_token &stop);

private:
    using Answer = std::function<void(const Result<void> &)>;
    using Known = std::optional<QSet<QByteArray>>; ///< specs that have a job; looked up once
    void addHere(JobId list, const QList<MediaItem> &items, Known &known, const Answer &answer);
    [[nodiscard]] QSet<QByteArray> itemsOf(const JobSnapshot &list) const;
    [[nodiscard]] JobId addItem(const JobSnapshot &list, const MediaItem &item);

    JobRegistry &m_registry;
    JobStore &m_store;
};

} // namespace core
