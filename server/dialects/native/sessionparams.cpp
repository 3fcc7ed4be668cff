#include "server/dialects/native/sessionparams.h"

#include "server/dialects/json.h"
#include "server/dialects/messagebudget.h"
#include "server/dialects/native/jsonrpc.h"
#include "server/feed/eventfeed.h"

namespace server {

using namespace Qt::StringLiterals;

core::Result<TopicWish> topicWishFrom(const Params &params)
{
    const auto name = params.requiredText("topic"_L1);
    if (!name)
        return core::fail(name.error());
    auto topic = Topic::parse(*name);
    if (!topic)
        return core::fail(topic.error());
    const auto rate = params.real("rateHz"_L1, EventFeed::MaxRateHz);
    if (!rate)
        return core::fail(rate.error());
    return TopicWish{std::move(*topic), *rate};
}

std::optional<Position> resumePositionFrom(const Params &params)
{
    const auto epoch = params.requiredText("epoch"_L1);
    const auto seq = params.number("seq"_L1, -1, {0, Params::MaxNumber});
    if (!epoch || !seq || *seq < 0)
        return std::nullopt;
    return Position{*epoch, quint64(*seq)};
}

QJsonObject sessionLimits()
{
    return {{u"subscriptions"_s, qint64(EventFeed::MaxSubscriptions)},
            {u"messagesPerMinute"_s, MessageBudget::PerMinute},
            {u"burst"_s, MessageBudget::Burst},
            {u"messageBytes"_s, 64 * 1024},
            {u"batch"_s, qint64(RpcMessage::MaxBatch)},
            {u"depth"_s, JsonDepth}};
}

} // namespace server
