#include "core/flashtraces.h"

#include "core/awaited.h"
#include "core/jobs/jobregistry.h"
#include "core/store/jobstore.h"
#include "core/storedspecjson.h"

#include <QCoreApplication>

namespace core {

using namespace Qt::StringLiterals;

struct FlashTraces::Touching {
    Awaited onDisk;
    std::optional<DriveTrace> before; ///< of the hub thread; nullopt: it is not noted
};

FlashTraces::FlashTraces(JobRegistry &registry, JobStore &store)
    : m_registry(registry)
    , m_store(store)
{ }

FlashTraces::~FlashTraces() = default;

Result<void> FlashTraces::touch(JobId flash, const QString &drive, const std::stop_token &stop)
{
    const auto touching = std::make_shared<Touching>();
    const auto noteHere = [this, flash, drive, touching] { touchHere(flash, drive, touching); };
    QMetaObject::invokeMethod(this, noteHere, Qt::QueuedConnection);
    if (const auto noted = touching->onDisk.wait(stop))
        return *noted;
    // Before anybody can start the flash once more: the hub thread learns later that this run ended.
    const auto restore = [this, flash, touching] { restoreHere(flash, *touching); };
    QMetaObject::invokeMethod(this, restore, Qt::QueuedConnection);
    return fail(ErrorCode::InvalidState, u"stopped before it was written"_s);
}

void FlashTraces::touchHere(JobId flash,
                            const QString &drive,
                            const std::shared_ptr<Touching> &touching)
{
    if (touching->onDisk.isGivenUp())
        return; // nothing is written
    touching->before = traceHere(flash, drive);
    if (const auto noted = change(flash, {.id = drive}); !noted)
        return touching->onDisk.say(noted);
    m_store.whenCommitted(flash, this, [this, flash, touching](const Result<void> &written) {
        touching->onDisk.say(written);
        if (!written && !touching->onDisk.isGivenUp()) // else touch() restores it
            restoreHere(flash, *touching);
    });
}

/// Nobody wrote. Should the program die before this is on disk, the drive is taken for touched.
void FlashTraces::restoreHere(JobId flash, const Touching &touching)
{
    if (touching.before)
        (void)change(flash, *touching.before); // fails without the job
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
    const auto before = traceHere(flash, trace.id);
    if (before && before->isTouched == trace.isTouched)
        (void)change(flash, trace); // cannot fail: it was decoded
}

std::optional<DriveTrace> FlashTraces::traceHere(JobId flash, const QString &drive) const
{
    const JobSnapshot *job = m_registry.find(flash);
    const auto agreed = job ? decodeAgreedFlash(job->spec) : fail(ErrorCode::NotFound, {});
    return agreed ? std::optional(agreed->traceOf(drive)) : std::nullopt;
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
