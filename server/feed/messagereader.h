#pragma once
#include "server/feed/feedlistener.h"

namespace server {

/// A listener to MessageFeed. It joins and leaves by itself, and may leave in any of these calls.
class MessageReader : public FeedListener
{
public:
    /// One whole message of the dialect. Must not be lost: queue it or end the connection.
    virtual void takeMessage(const QByteArray &message) = 0;
};

} // namespace server
