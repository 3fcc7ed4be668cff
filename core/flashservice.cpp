#include "core/flashservice.h"

#include "core/base/digest.h"
#include "core/flashdownloads.h"
#include "core/jobs/jobregistry.h"
#include "core/storedspecjson.h"
#include "core/targetrules.h"

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr Milliseconds SurveysEnd{5000};

JobAdmission::Request admissionFor(const Principal &who, const FlashService::Request &request)
{
    return {who.owner, request.idem, Sha256::of(encodeSpec(AgreedFlash{.spec = request.spec}))};
}

QStringList cautionsOf(const FlashSpec &spec)
{
    QStringList cautions;
    if (spec.verify == Verify::No)
        cautions.append(u"what is written is not verified"_s);
    if (!spec.bmap.isEmpty())
        cautions.append(u"only what %1 maps is written"_s.arg(spec.bmap));
    return cautions;
}

/// Whether it may become a job: it is wanted, and of the drives that were meant.
Result<void> checkMeant(const FlashService::Request &request, const FlashTicket &ticket)
{
    if (request.isStillWanted && !request.isStillWanted())
        return fail(ErrorCode::InvalidState, u"it is not wanted any more"_s);
    if (request.pinned.isEmpty())
        return {};
    for (const DriveErasure &erasure : ticket.erasures())
        if (std::ranges::none_of(request.pinned, [&erasure](const DriveIdentity &drive) {
                return drive.isSameMedium(erasure.drive);
            }))
            return fail(ErrorCode::DeviceGone,
                        u"%1 is not the drive any more that was named"_s.arg(erasure.drive.id));
    return {};
}

} // namespace

FlashService::FlashService(Surroundings surroundings, QObject *parent)
    : QObject(parent)
    , m_surroundings(std::move(surroundings))
    , m_intake(m_surroundings.drives)
    , m_admission(m_surroundings.registry, m_surroundings.store)
    , m_timer(this)
{
    connect(&m_surroundings.registry, &JobRegistry::eventsReady, this, &FlashService::onEvents);
    connect(&m_surroundings.drives, &DriveList::changed, this, &FlashService::onDrivesChanged);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &FlashService::expire);
}

FlashService::~FlashService()
{
    // A survey answers to this object; the hub leaves without destructors when one hangs.
    (void)stopForExit(SurveysEnd);
}

void FlashService::add(const Principal &who, Request request, Added answer)
{
    if (const auto allowed = requireScope(who, Scope::Flash); !allowed)
        return answer(fail(allowed.error()));
    const TargetRules rules = m_surroundings.targetRules();
    auto spec = FlashIntake::complete(who, std::move(request.spec), rules);
    if (!spec)
        return answer(fail(spec.error()));
    request.spec = std::move(*spec);
    const auto earlier = m_admission.findEarlier(admissionFor(who, request));
    if (!earlier)
        return answer(fail(earlier.error()));
    if (*earlier)
        return m_admission.answerEarlier(**earlier, std::move(answer));
    m_surveyor.look(request.spec, FlashIntake::foldersFor(who, rules),
                    [this, who, request, answer](const Result<ImageSurvey> &survey) {
                        survey ? addSurveyed(who, request, *survey, answer)
                               : answer(fail(survey.error()));
                    });
}

void FlashService::addSurveyed(const Principal &who,
                               const Request &request,
                               const ImageSurvey &survey,
                               const Added &answer)
{
    const Milliseconds now = m_surroundings.clock.wallTime();
    const auto ticket = m_intake.ticketFor(request.spec, survey, {}, now + QuestionLifetime);
    if (!ticket)
        return answer(fail(ticket.error()));
    if (const auto agreed = ticket->confirm(request.spec.erase, now); !agreed)
        return answer(fail(agreed.error()));
    if (const auto meant = checkMeant(request, *ticket); !meant)
        return answer(fail(meant.error()));
    const JobAdmission::Request asked = admissionFor(who, request);
    const auto earlier =
        m_admission.findEarlier(asked); // asked again while the image was looked at
    if (!earlier)
        return answer(fail(earlier.error()));
    if (*earlier)
        return m_admission.answerEarlier(**earlier, answer);
    const auto download = downloadFor(who, request.spec);
    if (!download)
        return answer(fail(download.error()));
    JobSnapshot job = FlashIntake::jobFor(who, request.spec, *ticket, survey.seen,
                                          *download ? (*download)->spec : QByteArray());
    job.workflow = request.workflow;
    if (*download)
        m_surroundings.downloads.begin(**download, job);
    m_admission.answerWhenCommitted(m_admission.add(asked, job), answer);
}

/// Of an image that lies on a server, checked but not begun; nullopt for a file.
Result<std::optional<JobSnapshot>> FlashService::downloadFor(const Principal &who,
                                                             const FlashSpec &spec) const
{
    if (spec.url.isEmpty())
        return std::nullopt;
    return m_surroundings.downloads.downloadFor(who, spec).map(
        [](const JobSnapshot &download) { return std::optional(download); });
}

void FlashService::prepare(const Principal &who, Request request, PreparedAnswer answer)
{
    if (const auto allowed = requireScope(who, Scope::Add); !allowed)
        return answer(fail(allowed.error()));
    request.spec.erase.clear(); // it is the answer that names the drives
    const TargetRules rules = m_surroundings.targetRules();
    const auto complete = FlashIntake::complete(who, std::move(request.spec), rules);
    if (!complete)
        return answer(fail(complete.error()));
    request.spec = *complete;
    m_surveyor.look(*complete, FlashIntake::foldersFor(who, rules),
                    [this, who, request, answer](const Result<ImageSurvey> &survey) {
                        survey ? ask(who, request, *survey, answer) : answer(fail(survey.error()));
                    });
}

Result<QList<DriveIdentity>> FlashService::namedDrives(const Principal &who, FlashSpec spec) const
{
    if (const auto allowed = requireScope(who, Scope::Add); !allowed)
        return fail(allowed.error());
    const auto complete = FlashIntake::complete(who, std::move(spec), m_surroundings.targetRules());
    if (!complete)
        return fail(complete.error());
    if (const auto download = downloadFor(who, *complete); !download)
        return fail(download.error());
    const Milliseconds now = m_surroundings.clock.wallTime();
    const auto ticket = m_intake.ticketFor(*complete, {}, {}, now + QuestionLifetime);
    if (!ticket)
        return fail(ticket.error());
    const bool isAnswered = who.has(Scope::Flash) && !complete->erase.isEmpty();
    if (isAnswered)
        if (const auto agreed = ticket->confirm(complete->erase, now); !agreed)
            return fail(agreed.error());
    QList<DriveIdentity> drives;
    for (const DriveErasure &erasure : ticket->erasures())
        drives.append(erasure.drive);
    return drives;
}

void FlashService::ask(const Principal &who,
                       const Request &request,
                       const ImageSurvey &survey,
                       const PreparedAnswer &answer)
{
    const FlashSpec &spec = request.spec;
    if (m_questions.countOf(who.owner) >= FlashQuestions::MaxOpen)
        return answer(fail(ErrorCode::LimitExceeded,
                           u"%1 flashes wait for a yes already"_s.arg(FlashQuestions::MaxOpen)));
    const auto ticket = m_intake.ticketFor(spec, survey, FlashQuestions::randomTicket(),
                                           m_surroundings.clock.wallTime() + QuestionLifetime);
    if (!ticket)
        return answer(fail(ticket.error()));
    if (const auto meant = checkMeant(request, *ticket); !meant)
        return answer(fail(meant.error()));
    JobSnapshot held = FlashIntake::questionFor(who, spec, *ticket);
    held.workflow = request.workflow;
    const JobId id = m_admission.add({.owner = who.owner}, held);
    const FlashQuestion question{.job = id,
                                 .owner = who.owner,
                                 .asker = who.name,
                                 .image = held.source,
                                 .cautions = cautionsOf(spec),
                                 .erasures = ticket->erasures(),
                                 .expiresAt = ticket->expiresAt()};
    m_questions.add({question, *ticket, spec, who});
    setTimer();
    emit questionsChanged();
    m_admission.answerWhenCommitted(
        id, [answer, question, ticket = ticket->id()](const Result<JobSnapshot> &job) {
            answer(job.map([&](const JobSnapshot &made) {
                return Prepared{ticket, made, question};
            }));
        });
}

void FlashService::confirm(const Principal &who, const Yes &yes, Added answer)
{
    if (const auto allowed = requireScope(who, Scope::Flash); !allowed)
        return answer(fail(allowed.error()));
    const FlashQuestions::Open *open = yes.ticket.isEmpty()
        ? m_questions.findJob(who, yes.job)
        : m_questions.findTicket(who, yes.ticket);
    if (!open)
        return answer(fail(ErrorCode::NotFound,
                           u"there is no such question: it was answered or canceled, it has "
                           "expired, or it never was"_s));
    if (const auto agreed = open->ticket.confirm(yes.erase, m_surroundings.clock.wallTime());
        !agreed)
        return answer(fail(agreed.error()));
    FlashQuestions::Open agreed = *open;
    agreed.spec.erase = yes.erase;
    close(agreed.question.job); // one yes, one use
    m_surveyor.look(agreed.spec,
                    FlashIntake::foldersFor(agreed.asker, m_surroundings.targetRules()),
                    [this, agreed, answer](const Result<ImageSurvey> &survey) {
                        release(agreed, survey, answer);
                    });
}

/// The last look before the job may start; the drives are proven again when they are opened.
void FlashService::release(const FlashQuestions::Open &agreed,
                           const Result<ImageSurvey> &survey,
                           const Added &answer)
{
    const JobId id = agreed.question.job;
    const auto checked = survey.and_then([&](const ImageSurvey &seen) {
        return agreed.ticket.asOf(seen.image, drivesThere(), m_surroundings.drives.policy());
    });
    if (!checked) {
        (void)m_surroundings.registry.refuse(id, checked.error()); // refused: canceled meanwhile
        return answer(fail(checked.error()));
    }
    const auto released = start(agreed, survey->seen);
    if (!released)
        return answer(fail(released.error()));
    m_admission.answerWhenCommitted(id, answer);
}

Result<void> FlashService::start(const FlashQuestions::Open &agreed, const QList<SeenDrive> &seen)
{
    JobRegistry &registry = m_surroundings.registry;
    const JobId id = agreed.question.job;
    const JobSnapshot *held = registry.find(id);
    if (!held)
        return fail(ErrorCode::NotFound, u"job %1 was removed"_s.arg(id.toString()));
    if (isFinal(held->state))
        return fail(ErrorCode::InvalidState, u"job %1 was canceled"_s.arg(id.toString()));
    JobSnapshot flash = *held;
    const auto download = downloadFor(agreed.asker, agreed.spec);
    if (!download) { // nobody agrees to what must not be fetched
        (void)registry.refuse(id, download.error());
        return fail(download.error());
    }
    const QByteArray fetched = *download ? (*download)->spec : QByteArray();
    const QByteArray spec = FlashIntake::agreedSpec(agreed.spec, agreed.ticket, seen, fetched);
    // Nothing starts before the next turn, and what is not released needs no download.
    if (const auto released = registry.release(id, spec); !released || !*download)
        return released;
    m_surroundings.downloads.begin(**download, flash);
    return registry.feed(id, flash.fedBy);
}

Result<QList<FlashQuestion>> FlashService::questions(const Principal &who) const
{
    if (const auto allowed = requireScope(who, Scope::Read); !allowed)
        return fail(allowed.error());
    return m_questions.visibleTo(who);
}

Result<QList<JudgedDrive>> FlashService::drives(const Principal &who) const
{
    if (const auto allowed = requireScope(who, Scope::Read); !allowed)
        return fail(allowed.error());
    return m_surroundings.drives.drives();
}

void FlashService::expire()
{
    for (const JobId id : m_questions.expiredAt(m_surroundings.clock.wallTime())) {
        close(id);
        (void)m_surroundings.registry.cancel(id); // refused: it has ended
    }
    setTimer();
}

bool FlashService::stopForExit(Milliseconds timeout)
{
    return m_surveyor.waitForIdle(timeout);
}

void FlashService::close(JobId job)
{
    if (!m_questions.close(job))
        return;
    setTimer();
    emit questionsChanged();
}

/// Runs inside the registry's signal: changes nothing but our own.
void FlashService::onEvents(const JobEvents &events)
{
    for (const JobEvent &event : events) {
        if (const auto *changed = std::get_if<JobChanged>(&event.change)) {
            if (isFinal(changed->job.state))
                close(changed->job.id);
        } else if (const auto *removed = std::get_if<JobRemoved>(&event.change)) {
            close(removed->id);
        }
    }
}

/// A medium that is gone does not come back as the same one.
void FlashService::onDrivesChanged()
{
    const auto update = m_questions.update(drivesThere(), m_surroundings.drives.policy());
    for (const auto &[id, error] : update.ended) {
        close(id);
        (void)m_surroundings.registry.refuse(id, error); // refused: it has ended
    }
    if (!update.changed.isEmpty())
        emit questionsChanged();
}

void FlashService::setTimer()
{
    const auto next = m_questions.nextExpiry();
    if (!next)
        return m_timer.stop();
    const Milliseconds wait = *next - m_surroundings.clock.wallTime();
    m_timer.start(std::clamp(wait, Milliseconds(0), LongestWait));
}

QList<Drive> FlashService::drivesThere() const
{
    QList<Drive> drives;
    for (const JudgedDrive &judged : m_surroundings.drives.drives())
        drives.append(judged.drive);
    return drives;
}

} // namespace core
