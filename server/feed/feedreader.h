#pragma once
#include "core/base/principal.h"
#include "server/feed/frame.h"

namespace server {

/// Someone who listens to the feed: a socket, an SSE answer, a long poll. It joins and leaves by
/// itself, and may leave in any of these calls. Threads: the hub thread.
class FeedReader
{
public:
    virtual ~FeedReader() = default;
    /// Whether it may hear of what belongs to `owner` (nullopt: to nobody, such as drives); its rights
    /// may change while it listens.
    [[nodiscard]] bool mayHear(const std::optional<QString> &owner) const
    {
        return principal().has(core::Scope::Read) && (!owner || principal().canSee(*owner));
    }
    /// Who it is now: decides what it may see.
    [[nodiscard]] virtual const core::Principal &principal() const = 0;
    [[nodiscard]] virtual qint64 unsentBytes() const = 0;
    /// Must not be lost: queue it or end the connection.
    virtual void takeEvent(quint64 seq, const Frame &frame) = 0;
    /// Newest numbers; comes only while unsentBytes() is small.
    virtual void takeProgress(const Frame &frame) = 0;
};

} // namespace server
