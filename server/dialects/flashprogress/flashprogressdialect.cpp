#include "server/dialects/flashprogress/flashprogressdialect.h"

#include "server/dialects/flashprogress/flashjobid.h"
#include "server/dialects/flashprogress/flashstart.h"

#include <QPointer>

namespace server {

using namespace Qt::StringLiterals;

FlashProgressDialect::FlashProgressDialect(Surroundings surroundings)
    : m_surroundings(surroundings)
    , m_codec(surroundings.clock)
    , m_feed(surroundings.registry, surroundings.clock, m_codec)
    , m_sockets({m_feed, surroundings.access, surroundings.clock}, *this)
{ }

void FlashProgressDialect::addRoutes(Router &router)
{
    m_sockets.addRoute(router, u"/flash-progress"_s);
    router.add("POST", u"/api/flash/start"_s, {.takesQueryToken = true},
               [this](Exchange &e) { startFlash(m_surroundings.flashes, e); });
}

QByteArray FlashProgressDialect::errorMessage(const core::Error &error) const
{
    return m_codec.errorText(error);
}

/// Neither signs of life nor reports are: ExternalJobs counts what reports change.
bool FlashProgressDialect::isCounted(const CompatSession &session, const QByteArray &utf8) const
{
    const auto message = flashMessageFrom(utf8);
    if (!message)
        return true;
    const bool isReport = std::holds_alternative<core::JobReport>(*message);
    return isReport && !session.principal().has(core::Scope::Report);
}

void FlashProgressDialect::take(CompatSession &session, const QByteArray &utf8)
{
    auto message = flashMessageFrom(utf8);
    if (!message)
        session.send(errorMessage(message.error()));
    else if (const auto *ping = std::get_if<FlashPing>(&*message))
        session.send(m_codec.pongText(ping->timestamp));
    else
        report(session, std::move(std::get<core::JobReport>(*message)));
}

/// The job's own messages are the answer when it is taken.
void FlashProgressDialect::report(CompatSession &session, core::JobReport report)
{
    const core::Principal &who = session.principal();
    if (const auto number = numberInFlashJobId(report.job)) {
        const core::JobSnapshot *job = m_surroundings.registry.find(*number);
        if (job && who.canSee(job->owner))
            report.job = number->toString();
    }
    core::ExternalJobs &jobs = m_surroundings.service.externalJobs();
    const bool isKnown = jobs.knows(who, report.job);
    if (isKnown)
        report.title.reset(); // it has one
    else if (!report.drives)
        report.drives = QList<core::JobDrive>{{.id = u"unknown"_s, .state = *report.state}};
    jobs.report(who, report,
                [this, asker = QPointer(&session)](const core::Result<core::JobSnapshot> &job) {
                    if (CompatSession *open = asker.data(); open && !job)
                        open->send(errorMessage(job.error()));
                });
}

} // namespace server
