#include "server/dialects/socketio/progressroute.h"

#include "core/jobreport.h"
#include "server/dialects/json.h"
#include "server/dialects/jsonrequest.h"

namespace server {

using namespace Qt::StringLiterals;
using core::ErrorCode;

Response progressSince(Conversations &conversations, const Request &request)
{
    const auto textOf = [&request](const QString &name) {
        return request.query.queryItemValue(name, QUrl::FullyDecoded);
    };
    const auto &who = request.principal;
    if (!who || !who->has(core::Scope::Read))
        return problemOf({who ? ErrorCode::Forbidden : ErrorCode::Unauthorized,
                          u"updates need scope \"read\""_s});
    const QString conversation = textOf(u"conversation_id"_s);
    if (conversation.isEmpty())
        return problemOf({ErrorCode::InvalidArgument, u"\"conversation_id\" is missing"_s});
    if (conversation.size() > core::JobReport::LongestId)
        return problemOf(
            {ErrorCode::InvalidArgument,
             u"\"conversation_id\" has %1 characters; %2 are the most"_s.arg(conversation.size())
                 .arg(core::JobReport::LongestId)});
    const QString since = textOf(u"since"_s);
    // --trust-local has no token, and is one reader.
    const QString reader = request.tokenId + u'\n' + who->name;
    // An unreadable place counts as a lost one.
    const auto part = since.isEmpty()
        ? conversations.sinceLast(reader, who->owner, conversation)
        : conversations.since(who->owner, conversation,
                              Position::parse(since).value_or(Position{}));
    return jsonResponse(R"({"message":{"updates":[)" + part.updates.join(',') + R"(],"cursor":)"
                        + encode(part.cursor.toString()) + "}}");
}

} // namespace server
