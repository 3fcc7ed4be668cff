#pragma once
#include "server/dialects/socketio/conversations.h"
#include "server/http/exchange.h"

namespace server {

/// `GET /api/method/ai_assistant.api.get_progress?conversation_id=…&since=…`: `{"message":{"updates":[…],
/// "cursor":…}}`, for who cannot hold a connection. Without `since`: what came since the same token asked
/// last. 403 without scope read, 400 without a conversation.
[[nodiscard]] Response progressSince(Conversations &conversations, const Request &request);

} // namespace server
