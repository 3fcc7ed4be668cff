#include "server/dialects/flashprogress/flashstart.h"

#include "core/flash/flashspecjson.h"
#include "core/jobadmission.h"
#include "server/dialects/flashprogress/flashjobid.h"
#include "server/dialects/jsonrequest.h"
#include "server/dialects/native/params.h"
#include "server/dialects/objecttext.h"

#include <QJsonArray>
#include <QPointer>

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

/// The ids of drives that may be named by their paths: a yes names them by id.
QStringList
idsOf(const QStringList &names, const core::FlashService &flashes, const core::Principal &who)
{
    QStringList ids = names;
    const auto drives = flashes.drives(who);
    for (QString &name : ids)
        for (const core::JudgedDrive &judged : drives.value_or(QList<core::JudgedDrive>()))
            if (judged.drive.path == name)
                name = judged.drive.id;
    return ids;
}

} // namespace

core::Result<core::FlashSpec> flashStartFrom(const Request &request)
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
    return core::flashSpecFromJson(spec);
}

void startFlash(core::FlashService &flashes, Exchange &exchange)
{
    const Request &request = exchange.request();
    if (!request.principal)
        return exchange.respond(problemOf({ErrorCode::Unauthorized, u"a token is needed"_s}));
    if (!request.body.isEmpty())
        if (const auto refusal = refuseUnlessJson(request))
            return exchange.respond(*refusal);
    const bool mayFlash = request.principal->has(core::Scope::Flash);
    if (const auto allowed = core::requireScope(*request.principal, core::Scope::Add);
        !mayFlash && !allowed)
        return exchange.respond(problemOf(allowed.error()));
    auto spec = flashStartFrom(request);
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
    if (!mayFlash)
        return flashes.prepare(*request.principal, *spec, [answer](const auto &prepared) {
            answer(prepared.map([](const auto &made) { return made.job; }),
                   u"awaiting_confirmation"_s);
        });
    spec->erase = idsOf(spec->drives, flashes, *request.principal);
    flashes.add(*request.principal, {*spec, {}},
                [answer](const auto &job) { answer(job, u"started"_s); });
}

} // namespace server
