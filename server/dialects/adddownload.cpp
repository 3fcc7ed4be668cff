#include "server/dialects/adddownload.h"

#include "server/dialects/native/speccodec.h"

namespace server {

using namespace Qt::StringLiterals;

void addDownload(core::JobService &service,
                 const core::Principal &who,
                 const PlainDownload &wanted,
                 const core::JobService::Added &answer)
{
    QJsonObject spec{{u"url"_s, wanted.url}};
    if (!wanted.name.isEmpty())
        spec.insert("name"_L1, wanted.name);
    auto request = addRequestFrom(Params(spec));
    if (!request)
        return answer(core::fail(request.error()));
    service.addDownload(who, std::move(std::get<core::JobService::AddDownload>(*request)), answer);
}

} // namespace server
