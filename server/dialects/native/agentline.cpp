#include "server/dialects/native/agentline.h"

#include "server/dialects/json.h"
#include "server/dialects/native/agentcodec.h"
#include "server/dialects/native/jsonrpc.h"
#include "server/dialects/native/reportmethod.h"

namespace server {

using namespace Qt::StringLiterals;
using core::ErrorCode;

namespace {

/// Of an agent that has registered.
bool isWord(const QString &method)
{
    return method != AgentLine::methods().constFirst() && AgentLine::methods().contains(method);
}

const QByteArray Nothing("{}");

QByteArray offerObject(const core::WorkOffer &offer)
{
    return R"({"offer":)" + encode(offer.id) + R"(,"job":)" + encode(offer.job.toString())
        + R"(,"kind":)" + encode(offer.kind) + R"(,"spec":)"
        + (offer.spec.isEmpty() ? Nothing : offer.spec) + R"(,"leaseMs":)"
        + QByteArray::number(qint64(offer.lease.count())) + '}';
}

core::Result<core::Agents::Card> cardFrom(const Params &params)
{
    const auto name = params.requiredText("name"_L1);
    if (!name)
        return core::fail(name.error());
    const auto capabilities = params.texts("capabilities"_L1);
    if (!capabilities)
        return core::fail(capabilities.error());
    const auto lease =
        params.number("leaseMs"_L1, core::Agents::DefaultLease.count(), {0, Params::MaxNumber});
    if (!lease)
        return core::fail(lease.error());
    return core::Agents::Card{*name, *capabilities, core::Milliseconds(*lease)};
}

} // namespace

AgentLine::AgentLine(core::Agents &agents, Send send)
    : m_agents(agents)
    , m_send(std::move(send))
{ }

AgentLine::~AgentLine()
{
    leave();
}

const QStringList &AgentLine::methods()
{
    static const QStringList names{u"agent.register"_s, u"agent.accept"_s, u"agent.progress"_s,
                                   u"agent.complete"_s, u"agent.fail"_s};
    return names;
}

bool AgentLine::isReport(const QString &method)
{
    return m_agents.isAgent(*this) && isWord(method);
}

void AgentLine::call(const core::Principal &who,
                     const QString &method,
                     const Params &params,
                     const Answer &answer)
{
    const auto done = [answer](const core::Result<void> &result) {
        answer(result.map([] { return Nothing; }));
    };
    if (!who.has(core::Scope::Report))
        return answer(core::fail(ErrorCode::Forbidden, u"%1 needs scope \"report\""_s.arg(method)));
    if (!isWord(method))
        return answer(join(who, params));
    if (method == "agent.accept"_L1 || method == "agent.progress"_L1)
        return done(goOn(method, params));
    const auto ended = end(method, params);
    if (!ended)
        return answer(core::fail(ended.error()));
    m_agents.whenCommitted(*ended, done);
}

void AgentLine::leave()
{
    m_agents.leave(*this);
}

core::Result<QByteArray> AgentLine::join(const core::Principal &who, const Params &params)
{
    const auto card = cardFrom(params);
    if (!card)
        return core::fail(card.error());
    const auto held = m_agents.join(who, *card, *this);
    if (!held)
        return core::fail(held.error());
    m_name = card->name;
    const auto agent = m_agents.board().find(m_name).value_or(core::Agent());
    QByteArray result = R"({"agent":)" + encode(agentObject(agent)) + R"(,"leaseMs":)"
        + QByteArray::number(qint64(card->lease.count()));
    if (*held)
        result += R"(,"current":)" + offerObject(**held);
    return result + '}';
}

core::Result<void> AgentLine::goOn(const QString &method, const Params &params)
{
    const auto offer = params.requiredText("offer"_L1);
    if (!offer)
        return core::fail(offer.error());
    if (method == "agent.accept"_L1)
        return m_agents.accept(*this, *offer);
    return agentProgressFrom(params).and_then(
        [&](const auto &progress) { return m_agents.progress(*this, *offer, progress); });
}

core::Result<core::JobId> AgentLine::end(const QString &method, const Params &params)
{
    const auto offer = params.requiredText("offer"_L1);
    if (!offer)
        return core::fail(offer.error());
    if (method == "agent.complete"_L1)
        return agentOutputsFrom(params).and_then(
            [&](const auto &outputs) { return m_agents.complete(*this, *offer, outputs); });
    return agentFailureFrom(params).and_then(
        [&](const auto &failure) { return m_agents.fail(*this, *offer, failure); });
}

void AgentLine::takeOffer(const core::WorkOffer &offer)
{
    m_send(rpcNotification("agent.offer"_L1, offerObject(offer)));
}

void AgentLine::loseOffer(const QString &offer)
{
    m_send(rpcNotification("agent.canceled"_L1, encode(QJsonObject{{u"offer"_s, offer}})));
}

void AgentLine::lose()
{
    m_send(rpcNotification("agent.replaced"_L1, encode(QJsonObject{{u"name"_s, m_name}})));
}

core::Result<core::AgentProgress> agentProgressFrom(const Params &params)
{
    const auto report = jobReportFrom(params);
    if (!report)
        return core::fail(report.error());
    const auto fraction = params.real("progress"_L1, 0);
    if (!fraction)
        return core::fail(fraction.error());
    core::AgentProgress progress{.done = report->done,
                                 .total = report->total,
                                 .stage = report->stage,
                                 .message = report->message,
                                 .steps = report->steps};
    if (params.has("progress"_L1))
        progress.fraction = *fraction;
    return progress;
}

core::Result<core::Agents::Failure> agentFailureFrom(const Params &params)
{
    using Worth = core::Agents::Failure::Worth;
    const auto retryable = params.flag("retryable"_L1);
    if (!retryable)
        return core::fail(retryable.error());
    const QJsonValue error = params.raw("error"_L1);
    const QString message = error.isObject() ? error[u"message"].toString() : error.toString();
    return core::Agents::Failure{message.isEmpty() ? u"its agent gave no reason"_s : message,
                                 *retryable ? Worth::Retry : Worth::Nothing};
}

core::Result<QByteArray> agentOutputsFrom(const Params &params)
{
    return params.object("outputs"_L1).map([](const QJsonObject &outputs) {
        return encode(outputs);
    });
}

} // namespace server
