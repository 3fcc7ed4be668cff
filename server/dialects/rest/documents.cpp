#include "server/dialects/rest/documents.h"

#include "server/dialects/jsonrequest.h"

#include <QFile>

namespace server {

using namespace Qt::StringLiterals;

void addDocumentRoutes(Router &router, const QString &folder)
{
    for (const QString &name : {u"openapi.json"_s, u"asyncapi.json"_s, u"schema.json"_s})
        router.add("GET", u"/api/v1/"_s + name, {},
                   [path = folder + u'/' + name](Exchange &exchange) {
                       QFile file(path);
                       if (!file.open(QIODevice::ReadOnly))
                           return exchange.respond(problemOf({core::ErrorCode::NotFound, path}));
                       exchange.respond(jsonResponse(file.readAll()));
                   });
}

} // namespace server
