#include "core/flashtraces.h"

#include "core/awaited.h"
#include "core/jobs/jobregistry.h"
#include "core/store/jobstore.h"
#include "core/storedspecjson.h"

#include <QCoreApplication>

namespace core {

using namespace Qt::StringLiterals;

FlashTraces::FlashTraces(JobRegistry &registry, JobStore &store)
    : m_registry(registry)
    , m_store(store)
{ }

FlashTraces::~FlashTraces() = default;

Result<void> FlashTraces::touch(JobId flash, const QString &drive, const std::stop_token &stop)
{
    const auto awaited = std::make_shared<Awaited>();
    const auto noteHere = [this, flash, drive, awaited] {
        if (awaited->isGivenUp())
            return; // nothing is written
        if (const auto noted = change(flash, {.id = drive}); !noted)
            return awaited->say(noted);
        m_store.whenCommitted(flash, this,
                              [awaited](const Result<void> &written) { awaited->say(written); });
    };
    QMetaObject::invokeMethod(this, noteHere, Qt::QueuedConnection);
    const auto noted = awaited->wait(stop);
    return noted ? *noted : fail(ErrorCode::InvalidState, u"stopped before it was written"_s);
}

void FlashTraces::keep(JobId flash, const DriveTrace &trace)
{
    QMetaObject::invokeMethod(
        this, [this, flash, trace] { keepHere(flash, trace); }, Qt::QueuedConnection);
}

void FlashTraces::settleForExit()
{
    QCoreApplication::sendPostedEvents(this);
}

void FlashTraces::keepHere(JobId flash, const DriveTrace &trace)
{
    const JobSnapshot *job = m_registry.find(flash);
    const auto agreed = job ? decodeAgreedFlash(job->spec) : fail(ErrorCode::NotFound, {});
    if (agreed && agreed->traceOf(trace.id).isTouched == trace.isTouched)
        (void)change(flash, trace); // cannot fail: it was decoded
}

/// From the next start on the flash is made with that.
Result<void> FlashTraces::change(JobId flash, const DriveTrace &trace)
{
    const JobSnapshot *job = m_registry.find(flash);
    if (!job)
        return fail(ErrorCode::NotFound, u"there is no job %1"_s.arg(flash.toString()));
    auto agreed = decodeAgreedFlash(job->spec);
    if (!agreed)
        return fail(agreed.error());
    agreed->traces.removeIf([&trace](const DriveTrace &old) { return old.id == trace.id; });
    agreed->traces.append(trace);
    return m_registry.ask(
        flash, {.spec = encodeSpec(*agreed), .source = job->source, .speedLimit = job->speedLimit});
}

} // namespace core
