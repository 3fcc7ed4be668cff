#include "server/dialects/native/callrules.h"

namespace server {

using namespace Qt::StringLiterals;

bool isPong(const RpcMessage &message)
{
    const auto *call =
        message.items.size() == 1 ? std::get_if<RpcCall>(&message.items.front()) : nullptr;
    return call && !call->id && call->method == "session.pong"_L1;
}

bool needsNoToken(const QString &method)
{
    return method == "session.hello"_L1 || method == "session.auth"_L1
        || method == "session.pong"_L1 || method == PairRequest;
}

bool mustBeAlone(const QString &method)
{
    return method == "session.hello"_L1 || method == "topic.subscribe"_L1;
}

} // namespace server
