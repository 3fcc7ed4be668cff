// Requests of the web downloader's pages: the body, or the query of a list.
#include "server/dialects/idm/idmcodec.h"
#include "server/dialects/json.h"
#include "tests/fuzz/target.h"

#include <QUrlQuery>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(bytes), qsizetype(size));
    server::Request request{.query = QUrlQuery(QString::fromUtf8(text))};
    request.body = text;
    core::JobSnapshot job{.id = {1}, .source = QString::fromUtf8(text)};
    if (const auto wanted = server::idmDownloadFrom(request)) {
        job.source = wanted->url;
        job.details.target = wanted->name;
    }
    if (const auto page = server::idmPageFrom(request.query))
        if (!server::parseJson(server::idmList({job, job}, *page)))
            qFatal("the list is not JSON");
    return 0;
}
