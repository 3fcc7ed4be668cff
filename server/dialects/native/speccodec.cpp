#include "server/dialects/native/speccodec.h"

#include "core/download/downloadspecjson.h"
#include "core/download/mediaspecjson.h"
#include "core/flash/drivespecsjson.h"
#include "core/flash/flashspecjson.h"

#include <QJsonArray>

namespace server {
namespace {

using namespace Qt::StringLiterals;
using core::ErrorCode;

/// What `kind` asks for, nullopt for auto; fails for what cannot be added.
core::Result<std::optional<core::JobKind>> kindOf(const Params &params)
{
    const auto kind = params.text("kind"_L1);
    if (!kind)
        return core::fail(kind.error());
    if (kind->isEmpty() || *kind == "auto"_L1)
        return std::nullopt;
    if (*kind == "download"_L1)
        return core::JobKind::Download;
    if (*kind == "media"_L1)
        return core::JobKind::Media;
    if (*kind == "flash"_L1)
        return core::JobKind::Flash;
    for (const core::JobKind driveKind :
         {core::JobKind::Read, core::JobKind::Compare, core::JobKind::Format})
        if (*kind == core::jobKindName(driveKind))
            return driveKind;
    return core::fail(ErrorCode::Unsupported, u"jobs of kind \"%1\" cannot be added"_s.arg(*kind));
}

bool isAbsent(const QJsonValue &value)
{
    return value.isUndefined() || value.isNull();
}

/// What follows a download may also be said in the words of drayctl's options: `then`, `thenMove`, `thenOpen`,
/// `thenReveal`, `thenRun`. They come behind what `after` lists.
QJsonObject withFollowers(QJsonObject members)
{
    if (const QJsonValue after = members["after"_L1]; !after.isArray() && !isAbsent(after))
        return members; // which is refused
    QJsonArray after = members["after"_L1].toArray();
    const QJsonValue then = members["then"_L1];
    for (const QJsonValue action : then.isArray() ? then.toArray() : QJsonArray{then})
        if (!isAbsent(action))
            after.append(action);
    for (const auto &[member, action] :
         {std::pair("thenOpen"_L1, "open"_L1), std::pair("thenReveal"_L1, "reveal"_L1)})
        if (members[member].toBool())
            after.append(action);
    for (const auto &[member, action] :
         {std::pair("thenMove"_L1, "move"_L1), std::pair("thenRun"_L1, "run"_L1)})
        if (members.contains(member))
            after.append(QJsonObject{{action, members[member]}});
    if (!after.isEmpty())
        members.insert("after"_L1, after);
    return members;
}

core::Result<core::JobService::AddDownload> specFrom(std::optional<core::JobKind> kind,
                                                     const Params &params)
{
    if (kind == core::JobKind::Media) {
        const auto media = core::mediaSpecFromJson(withFollowers(params.all()));
        if (!media)
            return core::fail(media.error());
        return core::JobService::AddDownload{.spec = media->page, .media = media->choice};
    }
    const auto spec = core::downloadSpecFromJson(withFollowers(params.all()));
    if (!spec)
        return core::fail(spec.error());
    core::JobService::AddDownload request{.spec = *spec};
    request.spec.mayBeMedia = !kind;
    return request;
}

/// Nullopt for kinds that are no work on a drive.
std::optional<core::Result<AddRequest>>
driveRequestFrom(std::optional<core::JobKind> kind, const Params &params, const QString &idem)
{
    const auto request = [&idem](const auto &spec) {
        return AddRequest(core::DriveService::Request{spec, idem});
    };
    if (kind == core::JobKind::Read)
        return core::readSpecFromJson(params.all()).map(request);
    if (kind == core::JobKind::Compare)
        return core::compareSpecFromJson(params.all()).map(request);
    if (kind == core::JobKind::Format)
        return core::formatSpecFromJson(params.all()).map(request);
    return std::nullopt;
}

} // namespace

core::Result<AddRequest> addRequestFrom(const Params &params)
{
    const auto kind = kindOf(params);
    if (!kind)
        return core::fail(kind.error());
    const auto idem = params.text("idem"_L1);
    if (!idem)
        return core::fail(idem.error());
    if (*kind == core::JobKind::Flash)
        return core::flashSpecFromJson(params.all()).map([&idem](const core::FlashSpec &spec) {
            return AddRequest(core::FlashService::Request{spec, *idem});
        });
    if (auto work = driveRequestFrom(*kind, params, *idem))
        return *work;
    const auto asked = specFrom(*kind, params);
    if (!asked)
        return core::fail(asked.error());
    const auto paused = params.flag("paused"_L1);
    if (!paused)
        return core::fail(paused.error());
    const auto startAt = params.number("startAt"_L1, 0, {0, Params::MaxNumber});
    if (!startAt)
        return core::fail(startAt.error());
    const auto stopAt = params.number("stopAt"_L1, 0, {0, Params::MaxNumber});
    if (!stopAt)
        return core::fail(stopAt.error());
    if (*stopAt > 0 && *stopAt <= *startAt)
        return core::fail(ErrorCode::InvalidArgument, u"\"stopAt\" is not after \"startAt\""_s);
    core::JobService::AddDownload request = *asked;
    request.idem = *idem;
    request.startPaused = *paused;
    request.startAt = *startAt;
    request.stopAt = *stopAt;
    return request;
}

} // namespace server
