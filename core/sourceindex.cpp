#include "core/sourceindex.h"

#include "core/base/shownurl.h"
#include "core/base/storedurljson.h"
#include "core/jobs/jobregistry.h"

#include <algorithm>

namespace core {
namespace {

bool isOrHasFile(const JobSnapshot &job)
{
    return !isFinal(job.state)
        || (job.state == JobState::Succeeded && !job.details.target.isEmpty());
}

QString withoutLogin(const QUrl &url)
{
    return url.toString(QUrl::RemoveUserInfo | QUrl::RemoveFragment);
}

} // namespace

SourceIndex::SourceIndex(const JobRegistry &registry, QObject *parent)
    : QObject(parent)
    , m_registry(registry)
{
    connect(&registry, &JobRegistry::eventsReady, this, &SourceIndex::onEvents);
}

SourceIndex::~SourceIndex() = default;

QList<JobSnapshot> SourceIndex::find(const Principal &who, const QUrl &url)
{
    const QString source = shownUrl(url);
    const bool hidesSome = source != withoutLogin(url);
    if (!m_isBuilt)
        build();
    QList<JobSnapshot> jobs;
    for (auto [at, end] = m_jobs.equal_range(source); at != end; ++at) {
        const JobSnapshot *job = m_registry.find(*at);
        const bool isIt =
            !hidesSome || (job && withoutLogin(storedUrl(job->spec)) == withoutLogin(url));
        if (job && isIt && who.canSee(job->owner) && isOrHasFile(*job))
            jobs.append(*job);
    }
    std::ranges::sort(jobs, {}, &JobSnapshot::id);
    return jobs;
}

void SourceIndex::build()
{
    m_isBuilt = true;
    for (const JobSnapshot &job : m_registry.snapshots()) {
        m_jobs.insert(job.source, job.id);
        m_sources.insert(job.id, job.source);
    }
}

void SourceIndex::onEvents(const JobEvents &events)
{
    if (!m_isBuilt)
        return;
    for (const JobEvent &event : events) {
        const JobSnapshot *job = nullptr;
        if (const auto *added = std::get_if<JobAdded>(&event.change))
            job = &added->job;
        if (const auto *changed = std::get_if<JobChanged>(&event.change);
            changed && changed->before.source != changed->job.source)
            job = &changed->job;
        if (const auto *removed = std::get_if<JobRemoved>(&event.change))
            forget(removed->id);
        if (!job)
            continue;
        forget(job->id);
        m_jobs.insert(job->source, job->id);
        m_sources.insert(job->id, job->source);
    }
}

void SourceIndex::forget(JobId id)
{
    if (const auto source = m_sources.constFind(id); source != m_sources.cend()) {
        m_jobs.remove(*source, id);
        m_sources.erase(source);
    }
}

} // namespace core
