#include "core/flashagain.h"

#include "core/storedspecjson.h"

namespace core {

using namespace Qt::StringLiterals;

tl::unexpected<Error> mustBeAgreedAnew(const JobSnapshot &job)
{
    return fail(ErrorCode::ConfirmationRequired,
                u"job %1 erases drives: to have it done again, agree anew to what is erased"_s.arg(
                    job.id.toString()));
}

namespace {

/// A flash that cannot be fed ends with the reason.
Result<void> fed(JobRegistry &registry, JobId flash, const FeedAgain &feed)
{
    auto fed = feed(flash);
    if (!fed)
        (void)registry.refuse(flash, fed.error()); // cannot be: it waits in the queue
    return fed;
}

} // namespace

Result<void> runAgain(JobRegistry &registry,
                      JobId id,
                      Result<void> (JobRegistry::*verb)(JobId),
                      const FeedAgain &feed)
{
    const JobSnapshot *job = registry.find(id);
    if (job && job->kind == JobKind::Format)
        return mustBeAgreedAnew(*job);
    if (!job || job->kind != JobKind::Flash)
        return (registry.*verb)(id);
    auto flash = decodeAgreedFlash(job->spec);
    if (!flash)
        return mustBeAgreedAnew(*job);
    const bool isFed = !flash->spec.url.isEmpty();
    if (isFed && !feed && isFinal(job->state))
        return fail(ErrorCode::InvalidState,
                    u"job %1 has ended and its download with it: write the image once more from "
                    "its link"_s.arg(id.toString()));
    flash->isAgain = true;
    // No job starts before the next turn.
    const auto queued = (registry.*verb)(id).and_then([&] {
        job = registry.find(id);
        return registry.ask(
            id, {.spec = encodeSpec(*flash), .source = job->source, .speedLimit = job->speedLimit});
    });
    return queued && isFed && feed ? fed(registry, id, feed) : queued;
}

bool isAgain(const JobSnapshot &job)
{
    const auto flash = decodeAgreedFlash(job.spec);
    return job.startedAt > 0 || (flash && flash->isAgain);
}

} // namespace core
