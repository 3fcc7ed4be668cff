#include "server/dialects/native/flashmethods.h"

#include "core/flash/flashspecjson.h"
#include "server/dialects/json.h"
#include "server/dialects/native/drivecodec.h"
#include "server/dialects/native/nativecodec.h"

#include <QJsonArray>

namespace server {
namespace {

using namespace Qt::StringLiterals;
using core::FlashService;
using core::Principal;

QJsonArray erasuresArray(const QList<core::DriveErasure> &erasures)
{
    QJsonArray array;
    for (const core::DriveErasure &erasure : erasures)
        array.append(QJsonObject{{u"drive"_s, erasure.drive.id},
                                 {u"serial"_s, erasure.drive.serial},
                                 {u"size"_s, erasure.drive.size},
                                 {u"words"_s, erasure.words},
                                 {u"contents"_s, core::erasedWithRisks(erasure)},
                                 {u"risks"_s, risksArray(erasure.risks)}});
    return array;
}

QJsonObject questionObject(const core::FlashQuestion &question)
{
    return {{u"job"_s, question.job.toString()},
            {u"image"_s, question.image},
            {u"owner"_s, question.owner},
            {u"asker"_s, question.asker},
            {u"erases"_s, erasuresArray(question.erasures)},
            {u"cautions"_s, QJsonArray::fromStringList(question.cautions)},
            {u"expiresAt"_s, qint64(question.expiresAt.count())}};
}

core::Result<FlashService::Yes> yesFrom(const Params &params)
{
    const auto ticket = params.text("ticket"_L1);
    if (!ticket)
        return core::fail(ticket.error());
    const auto erase = params.texts("erase"_L1);
    if (!erase)
        return core::fail(erase.error());
    if (!ticket->isEmpty())
        return FlashService::Yes{.ticket = *ticket, .erase = *erase};
    if (!params.has("job"_L1))
        return core::fail(core::ErrorCode::InvalidArgument, u"\"ticket\" is missing"_s);
    return params.job().map(
        [&erase](core::JobId job) { return FlashService::Yes{.job = job, .erase = *erase}; });
}

} // namespace

void listDrives(FlashService &flashes,
                const Principal &who,
                const Params &,
                const FlashAnswer &answer)
{
    answer(flashes.drives(who).map([](const QList<core::JudgedDrive> &drives) {
        return encode(QJsonObject{{u"drives"_s, drivesArray(drives)}});
    }));
}

void prepareFlash(FlashService &flashes,
                  const Principal &who,
                  const Params &params,
                  const FlashAnswer &answer)
{
    auto spec = core::flashSpecFromJson(params.all());
    if (!spec)
        return answer(core::fail(spec.error()));
    flashes.prepare(who, std::move(*spec), [answer](const auto &prepared) {
        answer(prepared.map([](const FlashService::Prepared &made) {
            return encode(QJsonObject{{u"ticket"_s, made.ticket},
                                      {u"job"_s, jobObject(made.job)},
                                      {u"erases"_s, erasuresArray(made.question.erasures)},
                                      {u"expiresAt"_s, qint64(made.question.expiresAt.count())}});
        }));
    });
}

void confirmFlash(FlashService &flashes,
                  const Principal &who,
                  const Params &params,
                  const FlashAnswer &answer)
{
    const auto yes = yesFrom(params);
    if (!yes)
        return answer(core::fail(yes.error()));
    flashes.confirm(who, *yes, [answer](const core::Result<core::JobSnapshot> &job) {
        answer(job.map([](const core::JobSnapshot &queued) {
            return encode(QJsonObject{{u"job"_s, jobObject(queued)}});
        }));
    });
}

void listQuestions(FlashService &flashes,
                   const Principal &who,
                   const Params &,
                   const FlashAnswer &answer)
{
    answer(flashes.questions(who).map([](const QList<core::FlashQuestion> &questions) {
        QJsonArray array;
        for (const core::FlashQuestion &question : questions)
            array.append(questionObject(question));
        return encode(QJsonObject{{u"questions"_s, array}});
    }));
}

} // namespace server
