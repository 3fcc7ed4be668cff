#pragma once
#include "server/feed/feedcodec.h"
#include "server/feed/feedreader.h"
#include "server/feed/topic.h"

#include <QSet>

#include <map>

namespace server {

/// One topic of one reader, with the jobs whose numbers it has not been given yet.
struct FeedSubscription {
    Topic topic;
    double rateHz = 10;
    core::Milliseconds dueAt{0}; // monotonic
    QSet<core::JobId> dirty;

    void setRate(double hz);
    /// A sample that comes a little early counts, or every second one would wait for the next.
    void setSentAt(core::Milliseconds now);
};

/// One row of a progress frame, before it is encoded.
struct ProgressRow {
    core::JobId id;
    qint64 rev = 0;
    Columns columns = Columns::Numbers;
    friend bool operator==(const ProgressRow &, const ProgressRow &) = default;
};

/// One reader's place in the feed.
struct FeedSeat {
    using Due = std::vector<std::pair<core::JobId, Columns>>;

    FeedReader *reader = nullptr;
    /// Of the event sent before: the reader's proof that it missed nothing.
    quint64 lastSeq = 0;
    std::map<QString, FeedSubscription> subscriptions; // by topic name
    bool isViewer = false;

    [[nodiscard]] FeedSubscription *find(const Topic &topic);
    /// The subscription of what `topic` is about: its own, or that of all such things.
    [[nodiscard]] FeedSubscription *findAbout(const Topic &topic);
    /// Ends the subscription of `topic`. Numbers that it was not given yet are left to the subscription of
    /// all such things. False when there was none.
    [[nodiscard]] bool drop(const Topic &topic);
    [[nodiscard]] bool wants(const JournalEntry &entry);
    [[nodiscard]] bool wantsJobs() const;

    /// When the next progress is due, nullopt when there is none.
    [[nodiscard]] std::optional<core::Milliseconds> nextDue() const;
    /// The jobs whose progress is due, at most `most`, by id; they are clean afterwards.
    [[nodiscard]] Due takeDue(core::Milliseconds now, size_t most);
    /// Lets what is due wait for the next time. Returns how many subscriptions that were.
    int postpone(core::Milliseconds now);
};

} // namespace server
