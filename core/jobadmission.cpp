#include "core/jobadmission.h"

#include "core/jobs/jobregistry.h"
#include "core/store/jobstore.h"

namespace core {

using namespace Qt::StringLiterals;

Result<void> requireScope(const Principal &who, Scope scope)
{
    if (who.has(scope))
        return {};
    return fail(ErrorCode::Forbidden,
                u"\"%1\" lacks the scope %2"_s.arg(who.name, scopeNames(scope).join(u' ')));
}

JobAdmission::JobAdmission(JobRegistry &registry, JobStore &store, QObject *parent)
    : QObject(parent)
    , m_registry(registry)
    , m_store(store)
{
    connect(&registry, &JobRegistry::eventsReady, this, &JobAdmission::onEvents);
}

Result<std::optional<JobId>> JobAdmission::findEarlier(const Request &request) const
{
    const auto earlier = m_store.findIdem(request.owner, request.idem);
    if (!earlier || !m_registry.find(earlier->job))
        return std::nullopt;
    if (earlier->specDigest != request.digest)
        return fail(ErrorCode::IdemReused,
                    u"idem \"%1\" was used for another request"_s.arg(request.idem));
    return earlier->job;
}

JobId JobAdmission::add(const Request &request, const JobSnapshot &job)
{
    const JobId id = m_registry.add(job);
    if (!request.idem.isEmpty())
        m_store.rememberIdem(request.owner, request.idem, request.digest, id);
    return id;
}

void JobAdmission::answerWhenCommitted(JobId id, Answer answer)
{
    answerWhenCommitted(id, std::move(answer), [this, id] { dropUnwritten(id); });
}

void JobAdmission::answerEarlier(JobId id, Answer answer)
{
    answerWhenCommitted(id, std::move(answer), [] {});
}

void JobAdmission::answerWhenCommitted(JobId id, Answer answer, Failed onFailed)
{
    const auto onWritten = [this, id, answer = std::move(answer),
                            onFailed = std::move(onFailed)](const Result<void> &written) {
        const JobSnapshot *job = m_registry.find(id);
        if (written && job)
            return answer(*job);
        if (written)
            return answer(fail(ErrorCode::NotFound, u"job %1 was removed"_s.arg(id.toString())));
        onFailed();
        answer(fail(written.error()));
    };
    m_store.whenCommitted(id, this, onWritten);
}

/// The answer says that the job is not there, so it must not be.
void JobAdmission::dropUnwritten(JobId id)
{
    const JobSnapshot *job = m_registry.find(id);
    if (!job)
        return;
    if (isFinal(job->state))
        return removeLater(id);
    m_unwritten.insert(id);
    (void)m_registry.cancel(id); // refused: it is stopping already
}

void JobAdmission::onEvents(const JobEvents &events)
{
    for (const JobEvent &event : events)
        if (const auto *changed = std::get_if<JobChanged>(&event.change))
            if (isFinal(changed->job.state) && m_unwritten.remove(changed->job.id))
                removeLater(changed->job.id);
}

/// We may be inside the registry's signal, so what changes the registry waits for the next turn.
void JobAdmission::removeLater(JobId id)
{
    QMetaObject::invokeMethod(
        this, [this, id] { (void)m_registry.remove(id); }, Qt::QueuedConnection);
}

} // namespace core
