#include "core/flashservice.h"

#include "core/base/digest.h"
#include "core/flashdownloads.h"
#include "core/storedspecjson.h"
#include "core/targetrules.h"

namespace core {

FlashService::FlashService(Surroundings surroundings, QObject *parent)
    : QObject(parent)
    , m_surroundings(std::move(surroundings))
    , m_intake(m_surroundings.drives)
    , m_admission(m_surroundings.registry, m_surroundings.store)
{ }

void FlashService::add(const Principal &who, Request request, Added answer)
{
    if (const auto allowed = requireScope(who, Scope::Flash); !allowed)
        return answer(fail(allowed.error()));
    const JobAdmission::Request asked{who.owner, request.idem,
                                      Sha256::of(encodeSpec(AgreedFlash{request.spec, {}}))};
    const auto earlier = m_admission.findEarlier(asked);
    if (!earlier)
        return answer(fail(earlier.error()));
    if (*earlier)
        return m_admission.answerWhenCommitted(**earlier, std::move(answer));
    auto job = m_intake.jobFor(who, request.spec, m_surroundings.targetRules());
    if (!job)
        return answer(fail(job.error()));
    if (!request.spec.url.isEmpty())
        if (const auto begun = m_surroundings.downloads.begin(who, request.spec, *job); !begun)
            return answer(fail(begun.error()));
    m_admission.answerWhenCommitted(m_admission.add(asked, *job), std::move(answer));
}

Result<QList<JudgedDrive>> FlashService::drives(const Principal &who) const
{
    if (const auto allowed = requireScope(who, Scope::Read); !allowed)
        return fail(allowed.error());
    return m_surroundings.drives.drives();
}

} // namespace core
