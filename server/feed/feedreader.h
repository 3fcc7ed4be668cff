#pragma once
#include "server/feed/feedlistener.h"
#include "server/feed/frame.h"

namespace server {

/// A listener to EventFeed: a socket, an SSE answer, a long poll. It joins and leaves by itself, and
/// may leave in any of these calls. Threads: the hub thread.
class FeedReader : public FeedListener
{
public:
    /// Must not be lost: queue it or end the connection.
    virtual void takeEvent(quint64 seq, const Frame &frame) = 0;
    /// Newest numbers; comes only while unsentBytes() is small.
    virtual void takeProgress(const Frame &frame) = 0;
};

} // namespace server
