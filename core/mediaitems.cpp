#include "core/mediaitems.h"

#include "core/jobs/jobregistry.h"
#include "core/store/jobstore.h"
#include "core/storedspecjson.h"
#include "core/targetrules.h"

#include <QSet>

#include <condition_variable>
#include <mutex>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// What one thread waits for and another one says.
class Awaited
{
public:
    void say(const Result<void> &result)
    {
        const std::lock_guard lock(m_mutex);
        m_result = result;
        m_changed.notify_all();
    }
    /// nullopt when `stop` came first.
    [[nodiscard]] std::optional<Result<void>> wait(const std::stop_token &stop)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, stop, [this] { return m_result.has_value(); });
        return m_result;
    }

private:
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::optional<Result<void>> m_result; ///< guarded by m_mutex
};

} // namespace

Result<int> MediaItems::add(JobId list, const QList<MediaSpec> &items, const std::stop_token &stop)
{
    if (items.size() > MostItems)
        return fail(ErrorCode::LimitExceeded,
                    u"the list has %1 items; at most %2 can be added at once"_s.arg(items.size())
                        .arg(MostItems));
    const auto awaited = std::make_shared<Awaited>();
    QMetaObject::invokeMethod(
        this,
        [this, list, items, awaited] {
            addHere(list, items, [awaited](const Result<void> &added) { awaited->say(added); });
        },
        Qt::QueuedConnection);
    const auto added = awaited->wait(stop);
    if (added && !*added)
        return fail(added->error());
    return added ? int(items.size()) : 0;
}

void MediaItems::addHere(JobId list, const QList<MediaSpec> &items, const Answer &answer)
{
    const JobSnapshot *found = m_registry.find(list);
    if (!found)
        return answer(fail(ErrorCode::NotFound, u"there is no job %1"_s.arg(list.toString())));
    const JobSnapshot parent = *found;
    QSet<QByteArray> earlier;
    for (const JobSnapshot &job : m_registry.snapshots())
        if (job.kind == JobKind::Media && job.owner == parent.owner && job.id > list)
            earlier.insert(job.spec);
    JobId last = list;
    for (const MediaSpec &item : items)
        if (const QByteArray spec = encodeSpec(item); !earlier.contains(spec)) {
            earlier.insert(spec);
            last = addItem(parent, item);
        }
    m_store.whenCommitted(last, this, answer);
}

JobId MediaItems::addItem(const JobSnapshot &list, const MediaSpec &item)
{
    const QString name = item.page.url.fileName(QUrl::FullyDecoded);
    return m_registry.add({
        .kind = JobKind::Media,
        .owner = list.owner,
        .details = {.title = name.isEmpty() ? item.page.url.host() : name},
        .source = withoutSecrets(item.page.url),
        .spec = encodeSpec(item),
        .speedLimit = item.page.bytesPerSecond,
    });
}

} // namespace core
