#include "server/dialects/idm/idmdialect.h"

#include "server/dialects/jsonrequest.h"
#include "server/dialects/objecttext.h"
#include "server/dialects/rest/jobfile.h"

#include <QPointer>

namespace server {

using namespace Qt::StringLiterals;

IdmDialect::IdmDialect(Surroundings surroundings)
    : m_service(surroundings.service)
    , m_feed(surroundings.registry, surroundings.clock, m_codec)
    , m_sockets({m_feed, surroundings.access, surroundings.clock}, *this)
{ }

void IdmDialect::addRoutes(Router &router)
{
    const RouteAccess access{.takesQueryToken = true};
    router.add("POST", u"/download"_s, access, [this](Exchange &exchange) { add(exchange); });
    router.add("GET", u"/list"_s, access, [this](Exchange &exchange) { list(exchange); });
    router.add("GET", u"/file/{id}"_s, access,
               [this](Exchange &exchange) { answerJobFile(m_service, exchange); });
    m_sockets.addRoute(router, u"/"_s);
}

QByteArray IdmDialect::errorMessage(const core::Error &error) const
{
    return IdmCodec::errorText(error);
}

void IdmDialect::add(Exchange &exchange)
{
    const Request &request = exchange.request();
    if (const auto refusal = refuseUnlessJson(request))
        return exchange.respond(*refusal);
    const auto wanted = idmDownloadFrom(request);
    if (!wanted)
        return exchange.respond(problemOf(wanted.error()));
    const auto answer = [asked =
                             QPointer(&exchange)](const core::Result<core::JobSnapshot> &added) {
        Exchange *open = asked.data();
        if (open && added)
            open->respond(jsonResponse(
                ObjectText().put("id", added->id.value).put("status", u"started"_s).json()));
        else if (open)
            open->respond(problemOf(added.error()));
    };
    addDownload(m_service, *request.principal, *wanted, answer);
}

void IdmDialect::list(Exchange &exchange)
{
    const Request &request = exchange.request();
    if (!request.principal)
        return exchange.respond(problemOf({core::ErrorCode::Unauthorized, u"a token is needed"_s}));
    const auto page = idmPageFrom(request.query);
    if (!page)
        return exchange.respond(problemOf(page.error()));
    const auto jobs = m_service.list(*request.principal);
    if (!jobs)
        return exchange.respond(problemOf(jobs.error()));
    exchange.respond(jsonResponse(idmList(*jobs, *page)));
}

} // namespace server
