#include "core/listitems.h"

#include "core/awaited.h"
#include "core/base/shownurl.h"
#include "core/followers.h"
#include "core/jobs/jobregistry.h"
#include "core/store/jobstore.h"
#include "core/targetrules.h"

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// So many are added in one turn of the hub thread, which others wait for.
constexpr qsizetype Portion = 100;

} // namespace

Result<int> ListItems::add(JobId list, const QList<ListItem> &items, const std::stop_token &stop)
{
    qsizetype jobs = items.size();
    for (const ListItem &item : items)
        jobs += item.after.size();
    if (jobs > MostItems)
        return fail(
            ErrorCode::LimitExceeded,
            u"the list would become %1 jobs; at most %2 can be added at once"_s.arg(jobs).arg(
                MostItems));
    const auto known = std::make_shared<Known>();
    for (qsizetype begin = 0; begin < items.size(); begin += Portion) {
        const auto awaited = std::make_shared<Awaited>();
        const auto answer = [awaited](const Result<void> &added) { awaited->say(added); };
        QMetaObject::invokeMethod(
            this,
            [this, list, portion = items.mid(begin, Portion), known, answer] {
                addHere(list, portion, *known, answer);
            },
            Qt::QueuedConnection);
        const auto added = awaited->wait(stop);
        if (!added)
            return 0;
        if (!*added)
            return fail(added->error());
    }
    return int(items.size());
}

void ListItems::addHere(JobId list,
                        const QList<ListItem> &items,
                        Known &known,
                        const Answer &answer)
{
    const JobSnapshot *found = m_registry.find(list);
    if (!found)
        return answer(fail(ErrorCode::NotFound, u"there is no job %1"_s.arg(list.toString())));
    const JobSnapshot parent = *found;
    if (!known)
        known = itemsOf(parent);
    JobId last = list;
    for (const ListItem &item : items)
        if (!known->contains(item.spec)) {
            known->insert(item.spec);
            last = addItem(parent, item);
        }
    m_store.whenCommitted(last, this, answer);
}

/// The specs of the jobs that the list made before.
QSet<QByteArray> ListItems::itemsOf(const JobSnapshot &list) const
{
    QSet<QByteArray> specs;
    for (const JobSnapshot &job : m_registry.snapshots())
        if (job.kind == list.kind && job.owner == list.owner && job.id > list.id)
            specs.insert(job.spec);
    return specs;
}

/// With what follows it; the last id is that of all.
JobId ListItems::addItem(const JobSnapshot &list, const ListItem &item)
{
    const JobId id = m_registry.add({
        .kind = item.kind,
        .owner = list.owner,
        .details = {.title = item.title},
        .source = shownUrl(item.url),
        .spec = item.spec,
        .speedLimit = item.bytesPerSecond,
        .stopAt = list.stopAt,
    });
    return addFollowers(m_registry, id, item.after);
}

} // namespace core
