#include "server/feed/feedseat.h"

#include <algorithm>

namespace server {

using core::Milliseconds;

void FeedSubscription::setRate(double hz)
{
    rateHz = hz;
    dueAt = Milliseconds{0};
}

void FeedSubscription::setSentAt(Milliseconds now)
{
    dueAt = now + Milliseconds(qint64(1000 / rateHz)) * 9 / 10;
}

FeedSubscription *FeedSeat::find(const Topic &topic)
{
    const auto found = subscriptions.find(topic.name());
    return found == subscriptions.end() ? nullptr : &found->second;
}

FeedSubscription *FeedSeat::findAbout(const Topic &topic)
{
    if (FeedSubscription *own = find(topic))
        return own;
    const auto all = subscriptions.find(topic.family());
    return all == subscriptions.end() ? nullptr : &all->second;
}

bool FeedSeat::drop(const Topic &topic)
{
    const auto ended = subscriptions.extract(topic.name());
    if (ended.empty())
        return false;
    for (const core::JobId id : ended.mapped().dirty)
        if (FeedSubscription *left = findAbout(Topic::job(id)))
            left->dirty.insert(id);
    return true;
}

bool FeedSeat::wants(const JournalEntry &entry)
{
    return findAbout(entry.topic) && reader->mayHear(entry.owner);
}

bool FeedSeat::wantsJobs() const
{
    return std::any_of(subscriptions.begin(), subscriptions.end(),
                       [](const auto &s) { return s.second.topic.hasJobs(); });
}

std::optional<Milliseconds> FeedSeat::nextDue() const
{
    std::optional<Milliseconds> next;
    for (const auto &[name, subscription] : subscriptions)
        if (!subscription.dirty.isEmpty() && (!next || subscription.dueAt < *next))
            next = subscription.dueAt;
    return next;
}

FeedSeat::Due FeedSeat::takeDue(Milliseconds now, size_t most)
{
    Due due;
    for (auto &[name, subscription] : subscriptions) {
        if (subscription.dirty.isEmpty() || now < subscription.dueAt)
            continue;
        subscription.setSentAt(now);
        const Columns columns =
            subscription.topic.jobId() ? Columns::WithDetails : Columns::Numbers;
        for (auto id = subscription.dirty.begin();
             id != subscription.dirty.end() && due.size() < most; id = subscription.dirty.erase(id))
            due.emplace_back(*id, columns);
    }
    std::sort(due.begin(), due.end());
    return due;
}

int FeedSeat::postpone(Milliseconds now)
{
    int count = 0;
    for (auto &[name, subscription] : subscriptions) {
        if (subscription.dirty.isEmpty() || now < subscription.dueAt)
            continue;
        subscription.setSentAt(now);
        ++count;
    }
    return count;
}

} // namespace server
