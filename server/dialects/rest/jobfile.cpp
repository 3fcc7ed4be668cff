#include "server/dialects/rest/jobfile.h"

#include "server/dialects/jsonrequest.h"
#include "server/dialects/native/params.h"
#include "server/dialects/rest/contentdisposition.h"

#include <QFileInfo>

namespace server {

using namespace Qt::StringLiterals;

namespace {

Response responseWith(core::Result<core::OpenFile> opened)
{
    if (!opened)
        return problemOf(opened.error());
    const QString name = QFileInfo(opened->path).fileName();
    return {.headers = {{"Content-Type", "application/octet-stream"},
                        {"Content-Disposition", attachmentNamed(name)}},
            .file = std::make_shared<const core::OpenFile>(std::move(*opened))};
}

} // namespace

void answerJobFile(core::JobService &service, Exchange &exchange)
{
    const Request &request = exchange.request();
    if (!request.principal)
        return exchange.respond(problemOf({core::ErrorCode::Unauthorized, u"a token is needed"_s}));
    const auto id = Params({{u"job"_s, request.captures.value(0)}}).job();
    if (!id)
        return exchange.respond(problemOf(id.error()));
    // Not called once the exchange is gone.
    service.openFileOf(*request.principal, *id, exchange,
                       [&exchange](core::Result<core::OpenFile> opened) {
                           exchange.respond(responseWith(std::move(opened)));
                       });
}

} // namespace server
