#include "server/dialects/flashprogress/flashstart.h"

#include "core/flash/flashspecjson.h"
#include "core/store/settings.h"
#include "server/dialects/flashprogress/flashjobid.h"
#include "server/dialects/jsonrequest.h"
#include "server/dialects/native/params.h"
#include "server/dialects/objecttext.h"

#include <QDir>
#include <QJsonArray>
#include <QPointer>
#include <QRegularExpression>

namespace server {
namespace {

using namespace Qt::StringLiterals;
using core::ErrorCode;

/// The members of the body, and of the query what the body leaves out.
core::Result<QJsonObject> wishIn(const Request &request)
{
    auto wish = bodyObject(request);
    if (!wish)
        return wish;
    for (const auto &[name, value] : request.query.queryItems(QUrl::FullyDecoded))
        if (!wish->contains(name))
            wish->insert(name, value);
    if (!wish->contains("deviceId"_L1))
        wish->insert("deviceId"_L1, wish->value("device_id"_L1));
    return wish;
}

core::Result<QString> imageOf(const QString &partition, const core::Settings &settings)
{
    static const QRegularExpression name(u"^[A-Za-z0-9_][A-Za-z0-9_.-]*$"_s);
    if (partition.isEmpty())
        return core::fail(ErrorCode::InvalidArgument, u"\"image\" or \"url\" is missing"_s);
    if (!name.match(partition).hasMatch())
        return core::fail(ErrorCode::InvalidArgument,
                          u"partition \"%1\" cannot be the name of an image"_s.arg(partition));
    const auto folder = settings.entry(u"flash.imagesFolder"_s);
    if (!folder || folder->value.toString().isEmpty())
        return core::fail(ErrorCode::InvalidArgument,
                          u"\"image\" is missing, and setting flash.imagesFolder is empty"_s);
    return QDir(folder->value.toString()).filePath(partition + u".img"_s);
}

} // namespace

core::Result<core::FlashSpec> flashStartFrom(const Request &request, const core::Settings &settings)
{
    const auto wish = wishIn(request);
    if (!wish)
        return core::fail(wish.error());
    const Params params(*wish);
    const auto device = params.requiredText("deviceId"_L1);
    if (!device)
        return core::fail(device.error());
    QJsonObject spec{{u"drives"_s, QJsonArray{*device}}};
    for (const QLatin1StringView name : {"image"_L1, "url"_L1, "partition"_L1})
        if (params.has(name))
            spec.insert(name, params.raw(name));
    if (params.has("image"_L1) || params.has("url"_L1))
        return core::flashSpecFromJson(spec);
    const auto image = params.text("partition"_L1).and_then([&](const QString &partition) {
        return imageOf(partition, settings);
    });
    if (!image)
        return core::fail(image.error());
    spec.insert("image"_L1, *image);
    return core::flashSpecFromJson(spec);
}

void startFlash(core::FlashService &flashes, const core::Settings &settings, Exchange &exchange)
{
    const Request &request = exchange.request();
    if (!request.principal)
        return exchange.respond(problemOf({ErrorCode::Unauthorized, u"a token is needed"_s}));
    if (!request.body.isEmpty())
        if (const auto refusal = refuseUnlessJson(request))
            return exchange.respond(*refusal);
    auto spec = flashStartFrom(request, settings);
    if (!spec)
        return exchange.respond(problemOf(spec.error()));
    const auto answer = [asked = QPointer(&exchange)](const core::Result<core::JobSnapshot> &job,
                                                      const QString &status) {
        if (Exchange *open = asked.data())
            open->respond(
                job ? jsonResponse(
                    ObjectText().put("jobId", flashJobId(*job)).put("status", status).json())
                    : problemOf(job.error()));
    };
    if (!request.principal->has(core::Scope::Flash))
        return flashes.prepare(*request.principal, *spec, [answer](const auto &prepared) {
            answer(prepared.map([](const auto &made) { return made.job; }),
                   u"awaiting_confirmation"_s);
        });
    spec->erase = spec->drives;
    flashes.add(*request.principal, {*spec, {}},
                [answer](const auto &job) { answer(job, u"started"_s); });
}

} // namespace server
