#pragma once
#include "server/dialects/native/params.h"
#include "server/feed/position.h"
#include "server/feed/topic.h"

namespace server {

/// What a client subscribes to.
struct TopicWish {
    Topic topic;
    double rateHz;
};

/// `{topic, rateHz?}`.
[[nodiscard]] core::Result<TopicWish> topicWishFrom(const Params &params);
/// `{epoch, seq}` of session.hello's `resume`; anything else is no position.
[[nodiscard]] std::optional<Position> resumePositionFrom(const Params &params);
/// What session.hello says of our limits (PROTOCOL.md §0.5).
[[nodiscard]] QJsonObject sessionLimits();

} // namespace server
