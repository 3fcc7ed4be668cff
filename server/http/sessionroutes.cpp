#include "server/http/sessionroutes.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace server {

using namespace Qt::StringLiterals;

namespace {

/// What `name` says in the JSON body, or the answer to a body that does not say it. Only JSON is
/// taken: a page of another site can send any other type unasked.
tl::expected<QString, Response> readMember(const Request &request, const QString &name)
{
    const QByteArray type = request.header("Content-Type").split(';').first().trimmed().toLower();
    if (type != "application/json")
        return tl::unexpected(problem(415, "unsupported", u"The body must be application/json."_s));
    const QString value = QJsonDocument::fromJson(request.body).object().value(name).toString();
    if (value.isEmpty())
        return tl::unexpected(
            problem(400, "invalidArgument", u"The body must be {\"%1\": \"…\"}."_s.arg(name)));
    return value;
}

Response json(const QJsonObject &object)
{
    return jsonResponse(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

Response openSession(Access &access, const Request &request)
{
    const auto token = readMember(request, u"token"_s);
    if (!token)
        return token.error();
    const auto session = access.memoryTokens().exchange(token->toUtf8());
    if (!session) {
        access.countFailure(Access::AuthFailure::Wrong);
        return problem(401, "unauthorized", u"This link was used or is too old."_s);
    }
    const core::Scopes scopes = session->grant.principal.scopes;
    return json({{u"token"_s, QString::fromLatin1(session->token)},
                 {u"scopes"_s, QJsonArray::fromStringList(core::scopeNames(scopes))},
                 {u"expiresAt"_s, session->grant.expiresAt}});
}

Response makeTicket(Access &access, const Request &request)
{
    const auto path = readMember(request, u"path"_s);
    if (!path)
        return path.error();
    if (!path->startsWith(u'/'))
        return problem(400, "invalidArgument", u"A path begins with a slash."_s);
    const Grant grant{*request.principal, request.tokenId, request.tokenExpiresAt};
    const QByteArray ticket = access.memoryTokens().makeTicket(*path, grant);
    return json({{u"ticket"_s, QString::fromLatin1(ticket)}});
}

} // namespace

void addSessionRoutes(Router &router, Access &access)
{
    router.add("POST", u"/api/v1/session"_s, {.isPublic = true, .bodyLimit = 4096},
               [&access](Exchange &exchange) {
                   exchange.respond(openSession(access, exchange.request()));
               });
    router.add("POST", u"/api/v1/tickets"_s, {.bodyLimit = 4096}, [&access](Exchange &exchange) {
        exchange.respond(makeTicket(access, exchange.request()));
    });
}

} // namespace server
