#include "server/dialects/native/nativemethods.h"

#include "core/base/categoryrulesjson.h"
#include "server/dialects/json.h"
#include "server/dialects/native/askedspec.h"
#include "server/dialects/native/drivecodec.h"
#include "server/dialects/native/eitherid.h"
#include "server/dialects/native/historymethod.h"
#include "server/dialects/native/jobpage.h"
#include "server/dialects/native/nativecodec.h"
#include "server/dialects/native/reportmethod.h"
#include "server/dialects/native/speccodec.h"
#include "server/dialects/native/tokencodec.h"

namespace server {
namespace {

using namespace Qt::StringLiterals;
using core::ErrorCode;
using core::Principal;
using core::Scope;

const QByteArray Nothing("{}");

/// An optional enum member: absent is none, an unknown name fails.
template<typename Enum>
core::Result<std::optional<Enum>>
enumFrom(const Params &params, QLatin1StringView name, std::optional<Enum> (*fromName)(QStringView))
{
    const auto text = params.text(name);
    if (!text)
        return core::fail(text.error());
    const std::optional<Enum> value = fromName(*text);
    if (!value && !text->isEmpty())
        return core::fail(ErrorCode::InvalidArgument, u"there is no %1 \"%2\""_s.arg(name, *text));
    return text->isEmpty() ? std::nullopt : value;
}

core::Result<std::optional<core::JobId>> beforeFrom(const Params &params)
{
    const auto text = params.text("before"_L1);
    if (!text)
        return core::fail(text.error());
    if (text->isEmpty())
        return std::nullopt;
    bool isNumber = false;
    const core::JobId id{text->toLongLong(&isNumber)};
    if (!isNumber)
        return core::fail(ErrorCode::InvalidArgument, u"\"before\" is not the id of a job"_s);
    return id;
}

core::Result<JobFilter> filterFrom(const Params &params)
{
    const auto state = enumFrom(params, "state"_L1, core::jobStateFromName);
    if (!state)
        return core::fail(state.error());
    const auto kind = enumFrom(params, "kind"_L1, core::jobKindFromName);
    if (!kind)
        return core::fail(kind.error());
    const auto before = beforeFrom(params);
    if (!before)
        return core::fail(before.error());
    const auto limit = params.number("limit"_L1, JobFilter::MaxJobs, {1, JobFilter::MaxJobs});
    if (!limit)
        return core::fail(limit.error());
    return JobFilter{.state = *state, .kind = *kind, .before = *before, .limit = *limit};
}

/// `to`: "top", "up", "down" or a place counted from 1.
core::Result<core::QueuePlace> placeFrom(const Params &params)
{
    using To = core::QueuePlace::To;
    const QJsonValue to = params.raw("to"_L1);
    if (to.isString()) {
        const QString name = to.toString();
        for (const auto &[known, place] :
             {std::pair{"top"_L1, To::Top}, {"up"_L1, To::Up}, {"down"_L1, To::Down}})
            if (name == known)
                return core::QueuePlace{place};
    } else if (const auto number = params.number("to"_L1, 0, {1, Params::MaxNumber});
               number && *number > 0) {
        return core::QueuePlace{To::Number, *number};
    }
    return core::fail(ErrorCode::InvalidArgument,
                      u"\"to\" is not \"top\", \"up\", \"down\" or a place counted from 1"_s);
}

QByteArray settingObject(const QString &key, const QVariant &value)
{
    return encode(QJsonObject{{u"key"_s, key}, {u"value"_s, QJsonValue::fromVariant(value)}});
}

} // namespace

QByteArray jobResult(const core::JobSnapshot &job)
{
    return R"({"job":)" + encode(jobObject(job)) + '}';
}

NativeMethods::NativeMethods(Surroundings surroundings)
    : m_surroundings(std::move(surroundings))
    , m_methods({
          {u"job.add"_s, {Scope::Add, &NativeMethods::addJob}},
          {u"device.list"_s, {Scope::Read, &NativeMethods::flash<listDrives>}},
          {u"device.eject"_s, {Scope::Flash, &NativeMethods::ejectDrive}},
          {u"flash.prepare"_s, {Scope::Add, &NativeMethods::flash<prepareFlash>}},
          {u"flash.confirm"_s, {Scope::Flash, &NativeMethods::flash<confirmFlash>}},
          {u"flash.list"_s, {Scope::Read, &NativeMethods::flash<listQuestions>}},
          {u"job.report"_s, {Scope::Report, &NativeMethods::reportJob}},
          {u"job.list"_s, {Scope::Read, &NativeMethods::list}},
          {u"job.get"_s, {Scope::Read, &NativeMethods::getJob}},
          {u"job.pause"_s, {Scope::Control, &NativeMethods::command<&core::JobService::pause>}},
          {u"job.resume"_s, {Scope::Control, &NativeMethods::command<&core::JobService::resume>}},
          {u"job.cancel"_s, {Scope::Control, &NativeMethods::command<&core::JobService::cancel>}},
          {u"job.retry"_s, {Scope::Control, &NativeMethods::command<&core::JobService::retry>}},
          {u"job.move"_s, {Scope::Control, &NativeMethods::moveJob}},
          {u"job.setLimit"_s, {Scope::Control, &NativeMethods::setLimit}},
          {u"job.refreshUrl"_s, {Scope::Control, &NativeMethods::refreshUrl}},
          {u"job.remove"_s, {Scope::Control, &NativeMethods::removeJob}},
          {u"history.list"_s, {Scope::Read, &NativeMethods::listHistory}},
          {u"pair.list"_s, {Scope::Admin, &NativeMethods::pair<listPairings>}},
          {u"pair.accept"_s, {Scope::Admin, &NativeMethods::pair<acceptPairing>}},
          {u"pair.refuse"_s, {Scope::Admin, &NativeMethods::pair<refusePairing>}},
          {u"token.add"_s, {Scope::Admin, &NativeMethods::addToken}},
          {u"token.list"_s, {Scope::Admin, &NativeMethods::listTokens}},
          {u"token.revoke"_s, {Scope::Admin, &NativeMethods::revokeToken}},
          {u"settings.get"_s, {Scope::Read, &NativeMethods::getSettings}},
          {u"settings.set"_s, {Scope::Settings, &NativeMethods::setSetting}},
          {u"metrics.get"_s, {Scope::Read, &NativeMethods::getMetrics}},
          {u"session.link"_s, {Scope::Admin, &NativeMethods::makeLink}},
      })
{ }

std::optional<Scope> NativeMethods::scopeOf(const QString &method) const
{
    const auto found = m_methods.constFind(method);
    return found == m_methods.constEnd() ? std::nullopt : std::optional(found->scope);
}

QStringList NativeMethods::names() const
{
    QStringList names = m_methods.keys();
    names.sort();
    return names;
}

void NativeMethods::call(const Principal &who,
                         const QString &asked,
                         const QJsonObject &members,
                         const Answer &answer)
{
    QJsonObject params = members;
    const QString method = methodForId(asked, params);
    const auto found = m_methods.constFind(method);
    if (found == m_methods.constEnd())
        return answer(core::fail(ErrorCode::NotFound, u"there is no method %1"_s.arg(method)));
    if (!who.has(found->scope))
        return answer(core::fail(
            ErrorCode::Forbidden,
            u"%1 needs scope \"%2\""_s.arg(method, core::scopeNames(found->scope).constFirst())));
    if (found->run)
        (this->*found->run)(who, Params(params), answer);
    else
        found->other(who, Params(params), answer);
}

core::Result<QByteArray> NativeMethods::listJobs(const Principal &who, const Params &params)
{
    const auto filter = filterFrom(params);
    if (!filter)
        return core::fail(filter.error());
    auto jobs = m_surroundings.service.list(who);
    if (!jobs)
        return core::fail(jobs.error());
    return '{' + pageOf(std::move(*jobs), *filter).members() + '}';
}

void NativeMethods::addJob(const Principal &who, const Params &params, const Answer &answer)
{
    const auto tell = [answer](const core::Result<core::JobSnapshot> &added) {
        answer(added.map(jobResult));
    };
    auto request = addRequestFrom(params);
    if (!request)
        return answer(core::fail(request.error()));
    if (auto *work = std::get_if<core::DriveService::Request>(&*request))
        return m_surroundings.driveWork.add(who, std::move(*work), tell);
    if (auto *flash = std::get_if<core::FlashService::Request>(&*request))
        return m_surroundings.flashes.add(who, std::move(*flash), tell);
    m_surroundings.service.addDownload(
        who, std::move(std::get<core::JobService::AddDownload>(*request)), tell);
}

void NativeMethods::reportJob(const Principal &who, const Params &params, const Answer &answer)
{
    const auto report = jobReportFrom(params);
    if (!report)
        return answer(core::fail(report.error()));
    m_surroundings.service.externalJobs().report(
        who, *report, [answer](const auto &job) { answer(job.map(jobResult)); });
}

template<FlashMethod method>
void NativeMethods::flash(const Principal &who, const Params &params, const Answer &answer)
{
    method(m_surroundings.flashes, who, params, answer);
}

template<PairMethod method>
void NativeMethods::pair(const Principal &, const Params &params, const Answer &answer)
{
    method(m_surroundings.pairings, params, answer);
}

void NativeMethods::ejectDrive(const Principal &who, const Params &params, const Answer &answer)
{
    const auto drive = params.requiredText("drive"_L1);
    if (!drive)
        return answer(core::fail(drive.error()));
    m_surroundings.driveWork.eject(
        who, *drive, [answer](const auto &ended) { answer(ended.map(endingResult)); });
}

void NativeMethods::list(const Principal &who, const Params &params, const Answer &answer)
{
    answer(listJobs(who, params));
}

void NativeMethods::getJob(const Principal &who, const Params &params, const Answer &answer)
{
    const auto job =
        params.job().and_then([&](core::JobId id) { return m_surroundings.service.get(who, id); });
    answer(job.map([](const core::JobSnapshot &found) {
        QJsonObject result{{u"job"_s, jobObject(found, Segments::Yes)}};
        if (const QJsonObject spec = askedSpec(found); !spec.isEmpty())
            result.insert("spec"_L1, spec);
        return encode(result);
    }));
}

template<NativeMethods::Command command>
void NativeMethods::command(const Principal &who, const Params &params, const Answer &answer)
{
    const auto job = params.job().and_then(
        [&](core::JobId id) { return (m_surroundings.service.*command)(who, id); });
    answer(job.map(jobResult));
}

void NativeMethods::moveJob(const Principal &who, const Params &params, const Answer &answer)
{
    const auto id = params.job();
    if (!id)
        return answer(core::fail(id.error()));
    const auto place = placeFrom(params);
    if (!place)
        return answer(core::fail(place.error()));
    answer(m_surroundings.service.move(who, *id, *place).map(jobResult));
}

/// Without a job it is the setting limit.download, which needs the scope of settings.
void NativeMethods::setLimit(const Principal &who, const Params &params, const Answer &answer)
{
    const auto limit = params.number("bytesPerSecond"_L1, -1, {0, Params::MaxNumber});
    if (!limit)
        return answer(core::fail(limit.error()));
    if (*limit < 0)
        return answer(core::fail(ErrorCode::InvalidArgument, u"\"bytesPerSecond\" is missing"_s));
    if (!params.has("job"_L1))
        return call(who, u"settings.set"_s, {{u"key"_s, u"limit.download"_s}, {u"value"_s, *limit}},
                    answer);
    const auto job = params.job().and_then(
        [&](core::JobId id) { return m_surroundings.service.setLimit(who, id, *limit); });
    answer(job.map(jobResult));
}

void NativeMethods::refreshUrl(const Principal &who, const Params &params, const Answer &answer)
{
    const auto url = params.requiredText("url"_L1);
    if (!url)
        return answer(core::fail(url.error()));
    const auto job = params.job().and_then([&](core::JobId id) {
        return m_surroundings.service.refreshUrl(who, id, QUrl(url->trimmed(), QUrl::TolerantMode));
    });
    answer(job.map(jobResult));
}

void NativeMethods::removeJob(const Principal &who, const Params &params, const Answer &answer)
{
    const auto id = params.job();
    if (!id)
        return answer(core::fail(id.error()));
    const auto files = params.flag("files"_L1);
    if (!files)
        return answer(core::fail(files.error()));
    m_surroundings.service.remove(who, *id, *files ? core::RemoveFiles::Yes : core::RemoveFiles::No,
                                  [answer](const core::Result<void> &removed) {
                                      answer(removed.map([] { return Nothing; }));
                                  });
}

void NativeMethods::listHistory(const Principal &who, const Params &params, const Answer &answer)
{
    const auto query = historyQueryFrom(params);
    if (!query)
        return answer(core::fail(query.error()));
    m_surroundings.history.list(who, *query, &m_context,
                                [answer](const core::Result<core::History::Page> &page) {
                                    answer(page.map(historyResult));
                                });
}

void NativeMethods::addToken(const Principal &, const Params &params, const Answer &answer)
{
    const auto wanted = newTokenFrom(params);
    if (!wanted)
        return answer(core::fail(wanted.error()));
    m_surroundings.tokens.add(*wanted, [answer](const core::Result<core::MadeToken> &made) {
        answer(made.map([](const core::MadeToken &token) {
            return encode(
                QJsonObject{{u"id"_s, token.id}, {u"token"_s, QString::fromLatin1(token.token)}});
        }));
    });
}

void NativeMethods::listTokens(const Principal &, const Params &, const Answer &answer)
{
    QJsonArray tokens;
    for (const core::TokenEntry &token : m_surroundings.tokens.list())
        tokens.append(tokenObject(token));
    answer(encode(QJsonObject{{u"tokens"_s, tokens}}));
}

void NativeMethods::revokeToken(const Principal &, const Params &params, const Answer &answer)
{
    const auto id = params.requiredText("id"_L1);
    if (!id)
        return answer(core::fail(id.error()));
    m_surroundings.tokens.revoke(*id, [answer](const core::Result<void> &revoked) {
        answer(revoked.map([] { return Nothing; }));
    });
}

void NativeMethods::getSettings(const Principal &, const Params &params, const Answer &answer)
{
    const auto key = params.text("key"_L1);
    if (!key)
        return answer(core::fail(key.error()));
    if (!key->isEmpty())
        return answer(
            m_surroundings.settings.entry(*key).map([](const core::Settings::Entry &entry) {
                return settingObject(entry.key, entry.value);
            }));
    QJsonObject settings;
    for (const core::Settings::Entry &entry : m_surroundings.settings.all())
        settings.insert(entry.key, QJsonValue::fromVariant(entry.value));
    answer(encode(QJsonObject{{u"settings"_s, settings}}));
}

void NativeMethods::setSetting(const Principal &who, const Params &params, const Answer &answer)
{
    const auto key = params.requiredText("key"_L1);
    if (!key)
        return answer(core::fail(key.error()));
    if (!params.has("value"_L1))
        return answer(core::fail(ErrorCode::InvalidArgument, u"\"value\" is missing"_s));
    const auto entry = m_surroundings.settings.entry(*key);
    // Only an admin may name a local path (PROTOCOL.md §0.4).
    const auto rules = core::categoryRulesFromJson(params.raw("value"_L1).toString());
    const bool isPath = entry
        && (entry->type == core::Settings::Type::Folder || entry->type == core::Settings::Type::File
            || (entry->type == core::Settings::Type::Categories && rules
                && rules->hasAbsoluteFolder()));
    if (isPath && !who.has(Scope::Admin))
        return answer(
            core::fail(ErrorCode::Forbidden, u"setting %1 needs scope \"admin\""_s.arg(*key)));
    m_surroundings.settings.set(
        *key, params.raw("value"_L1).toVariant(), &m_context,
        [this, answer, key = *key](const core::Result<void> &stored) {
            answer(
                stored.map([&] { return settingObject(key, m_surroundings.settings.value(key)); }));
        });
}

void NativeMethods::getMetrics(const Principal &who, const Params &, const Answer &answer)
{
    answer(encode(m_surroundings.metrics(who)));
}

void NativeMethods::makeLink(const Principal &, const Params &, const Answer &answer)
{
    answer(encode(QJsonObject{{u"url"_s, m_surroundings.makeLoginUrl().toString()}}));
}

} // namespace server
