#include "server/dialects/rest/jobfile.h"

#include "server/dialects/jsonrequest.h"
#include "server/dialects/native/params.h"
#include "server/dialects/rest/contentdisposition.h"

#include <QFileInfo>

namespace server {

using namespace Qt::StringLiterals;

Response jobFileResponse(const core::JobService &service, const Request &request)
{
    if (!request.principal)
        return problemOf({core::ErrorCode::Unauthorized, u"a token is needed"_s});
    const auto path =
        Params({{u"job"_s, request.captures.value(0)}}).job().and_then([&](core::JobId id) {
            return service.fileOf(*request.principal, id);
        });
    if (!path)
        return problemOf(path.error());
    const QFileInfo file(*path);
    return {.headers = {{"Content-Type", "application/octet-stream"},
                        {"Content-Disposition", attachmentNamed(file.fileName())}},
            .file = FileBody{*path, 0, file.size()}};
}

} // namespace server
