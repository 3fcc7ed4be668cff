#include "server/dialects/native/speccodec.h"

#include "core/download/downloadspecjson.h"

#include <array>

namespace server {
namespace {

using namespace Qt::StringLiterals;
using core::ErrorCode;

/// Members of the download spec that ask for what this hub does not do.
constexpr std::array UnsupportedMembers{"mirrors"_L1};

core::Result<void> checkKind(const Params &params)
{
    const auto kind = params.text("kind"_L1);
    if (!kind)
        return core::fail(kind.error());
    if (kind->isEmpty() || *kind == "auto"_L1 || *kind == "download"_L1)
        return {};
    return core::fail(ErrorCode::Unsupported, u"jobs of kind \"%1\" cannot be added"_s.arg(*kind));
}

core::Result<void> checkMembers(const Params &params)
{
    for (const QLatin1StringView name : UnsupportedMembers)
        if (params.has(name))
            return core::fail(ErrorCode::Unsupported, u"\"%1\" of a download"_s.arg(name));
    return {};
}

} // namespace

core::Result<core::JobService::AddDownload> addRequestFrom(const Params &params)
{
    if (const auto isServed = checkKind(params); !isServed)
        return core::fail(isServed.error());
    if (const auto isServed = checkMembers(params); !isServed)
        return core::fail(isServed.error());
    const auto spec = core::downloadSpecFromJson(params.all());
    if (!spec)
        return core::fail(spec.error());
    const auto idem = params.text("idem"_L1);
    if (!idem)
        return core::fail(idem.error());
    const auto paused = params.flag("paused"_L1);
    if (!paused)
        return core::fail(paused.error());
    const auto startAt = params.number("startAt"_L1, 0, {0, Params::MaxNumber});
    if (!startAt)
        return core::fail(startAt.error());
    return core::JobService::AddDownload{
        .spec = *spec, .idem = *idem, .startPaused = *paused, .startAt = *startAt};
}

} // namespace server
