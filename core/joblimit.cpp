#include "core/joblimit.h"

#include "core/download/downloadspec.h"
#include "core/flash/flashspecjson.h"
#include "core/storedspecjson.h"

namespace core {

using namespace Qt::StringLiterals;

namespace {

Result<JobWish> flashWish(const JobSnapshot &job, qint64 bytesPerSecond)
{
    auto flash = decodeAgreedFlash(job.spec);
    if (!flash) // a question's spec agrees to nothing
        return fail(ErrorCode::InvalidState,
                    u"job %1 awaits a yes: set its limit after that"_s.arg(job.id.toString()));
    flash->spec.bytesPerSecond = bytesPerSecond;
    if (const auto checked = checkSpec(flash->spec); !checked)
        return fail(checked.error());
    return JobWish{encodeSpec(*flash), job.source, bytesPerSecond};
}

} // namespace

Result<JobWish> limitWish(const JobSnapshot &job, qint64 bytesPerSecond)
{
    if (job.kind == JobKind::Flash)
        return flashWish(job, bytesPerSecond);
    if (job.kind != JobKind::Download)
        return fail(
            ErrorCode::InvalidState,
            u"job %1 is neither a download nor a flash: it has no limit"_s.arg(job.id.toString()));
    auto spec = decodeDownloadSpec(job.spec);
    if (!spec)
        return fail(spec.error());
    spec->bytesPerSecond = bytesPerSecond;
    if (const auto checked = checkSpec(*spec); !checked)
        return fail(checked.error());
    return JobWish{encodeSpec(*spec), job.source, bytesPerSecond};
}

} // namespace core
