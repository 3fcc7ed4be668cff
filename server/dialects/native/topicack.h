#pragma once
#include "core/flashservice.h"
#include "core/jobservice.h"
#include "server/feed/eventfeed.h"

namespace server {

/// What answers a subscription.
struct TopicAck {
    /// Encoded: `{"topic":…,"epoch":…,"seq":…,"jobs":[…],"next"?}`, `drives` for `devices`.
    QByteArray object;
    /// The `before` of the page that follows the snapshot; none when it is whole.
    std::optional<core::JobId> next;
};

enum class Snapshot { No, Yes };

/// The ack of a subscription of `who`, with what the topic is about as it is at the feed's position.
struct TopicAcks {
    const core::JobService &service;
    const core::FlashService &flashes;
    const EventFeed &feed;
    const core::Principal &who;

    [[nodiscard]] TopicAck ack(const Topic &topic, Snapshot snapshot, qsizetype maxBytes) const;
};

} // namespace server
