#include "core/driveservice.h"

#include "core/base/digest.h"
#include "core/driveworkjson.h"
#include "core/jobs/jobregistry.h"
#include "core/targetrules.h"

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// What was asked for, whatever the drive is by then.
QByteArray digestOf(const DriveService::Spec &spec)
{
    const auto digest = [](const auto &asked) {
        return Sha256::of(encodeSpec(OnDrive<std::decay_t<decltype(asked)>>{asked, {}}));
    };
    return std::visit(digest, spec);
}

/// Erasing has no question that others than the local user could answer for it.
Result<void> checkScope(const Principal &who, const DriveService::Spec &spec)
{
    if (who.has(Scope::Flash) || !std::holds_alternative<FormatSpec>(spec))
        return requireScope(who, Scope::Flash);
    return fail(ErrorCode::Forbidden,
                u"the scope flash is missing: what gives a drive back empty is asked for in the "
                "window or with drayctl format, by the user of this computer"_s);
}

} // namespace

DriveService::DriveService(Surroundings surroundings, QObject *parent)
    : QObject(parent)
    , m_surroundings(std::move(surroundings))
    , m_intake(m_surroundings.drives)
    , m_admission(m_surroundings.registry, m_surroundings.store)
{ }

void DriveService::add(const Principal &who, Request request, Added answer)
{
    if (const auto allowed = checkScope(who, request.spec); !allowed)
        return answer(fail(allowed.error()));
    const JobAdmission::Request asked{who.owner, request.idem, digestOf(request.spec)};
    const auto earlier = m_admission.findEarlier(asked);
    if (!earlier)
        return answer(fail(earlier.error()));
    if (*earlier)
        return m_admission.answerEarlier(**earlier, std::move(answer));
    const TargetRules rules = m_surroundings.targetRules();
    const auto jobFor = [&](auto &spec) { return m_intake.jobFor(who, std::move(spec), rules); };
    const auto job = std::visit(jobFor, request.spec);
    if (!job)
        return answer(fail(job.error()));
    m_admission.answerWhenCommitted(m_admission.add(asked, *job), std::move(answer));
}

void DriveService::eject(const Principal &who, const QString &name, Ejected answer)
{
    if (const auto allowed = requireScope(who, Scope::Flash); !allowed)
        return answer(fail(allowed.error()));
    const auto drive = m_intake.find(name);
    if (!drive)
        return answer(fail(drive.error()));
    if (const auto unused = checkUnused(drive->id); !unused)
        return answer(fail(unused.error()));
    m_threads.start([this, eject = m_surroundings.eject, identity = drive->identity(),
                     answer = std::move(answer)] {
        const auto ended = eject(identity);
        QMetaObject::invokeMethod(
            this, [answer, ended] { answer(ended); }, Qt::QueuedConnection);
    });
}

/// A drive that is only written has nothing mounted that would keep it from being powered off.
Result<void> DriveService::checkUnused(const QString &driveId) const
{
    const auto isIt = [&driveId](const JobDrive &drive) { return drive.id == driveId; };
    for (const JobSnapshot &job : m_surroundings.registry.snapshots())
        if (job.state == JobState::Running && std::ranges::any_of(job.details.drives, isIt))
            return fail(ErrorCode::DeviceBusy,
                        u"job %1 works on %2"_s.arg(job.id.toString(), driveId));
    return {};
}

} // namespace core
