#include "server/dialects/native/agentmethods.h"

#include "server/dialects/json.h"
#include "server/dialects/native/agentcodec.h"
#include "server/dialects/native/agentfeed.h"
#include "server/dialects/native/agentline.h"

namespace server {

using namespace Qt::StringLiterals;
using core::ErrorCode;
using core::Principal;
using core::Scope;

namespace {

core::Result<QByteArray> listAgents(const core::AgentBoard &board, const Principal &who)
{
    return maySeeAgents(who).map([&] {
        return encode(QJsonObject{{u"agents"_s, agentsArray(board.list())}});
    });
}

core::Result<QByteArray>
getAgent(const core::AgentBoard &board, const Principal &who, const Params &params)
{
    if (const auto allowed = maySeeAgents(who); !allowed)
        return core::fail(allowed.error());
    const auto name = params.requiredText("agent"_L1);
    if (!name)
        return core::fail(name.error());
    const auto agent = board.find(*name);
    if (!agent)
        return core::fail(ErrorCode::NotFound, u"there is no agent %1"_s.arg(*name));
    return encode(QJsonObject{{u"agent"_s, agentObject(*agent)},
                              {u"history"_s, agentHistory(board.history(*name))}});
}

} // namespace

void addAgentMethods(NativeMethods &methods, const core::AgentBoard &board)
{
    using Answer = NativeMethods::Answer;
    methods.add(u"agent.list"_s, Scope::Read,
                [&board](const Principal &who, const Params &, const Answer &answer) {
                    answer(listAgents(board, who));
                });
    methods.add(u"agent.get"_s, Scope::Read,
                [&board](const Principal &who, const Params &params, const Answer &answer) {
                    answer(getAgent(board, who, params));
                });
    for (const QString &own : AgentLine::methods())
        methods.add(
            own, Scope::Report, [own](const Principal &, const Params &, const Answer &answer) {
                answer(core::fail(ErrorCode::InvalidState,
                                  u"%1 needs the socket that the agent keeps open"_s.arg(own)));
            });
}

} // namespace server
