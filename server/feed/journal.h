#pragma once
#include "core/base/clock.h"
#include "core/base/units.h"
#include "core/jobs/jobtypes.h"
#include "server/feed/position.h"
#include "server/feed/topic.h"

#include <deque>
#include <vector>

namespace server {

/// One lossless event, encoded once for everyone.
struct JournalEntry {
    quint64 seq = 0;
    /// Of an event about a job it is the job's own.
    Topic topic = Topic::system();
    /// Only who can see this owner's jobs gets it; nullopt: everyone who may read.
    std::optional<QString> owner;
    /// The members of the event after `prev`, with the closing brace: `,"time":…}`.
    QByteArray tail;
    core::Milliseconds time{0}; // monotonic
};

/// The last events, in order, so that a reader who was away gets all it missed or learns that it
/// cannot. Pure: the caller gives the time. Bounded by number, bytes and age.
class Journal
{
public:
    static constexpr size_t MaxEvents = 8192;
    static constexpr qint64 MaxBytes = qint64(4) << 20;
    static constexpr core::Milliseconds MaxAge = std::chrono::minutes(15);

    /// `epoch` is never used again for another journal.
    explicit Journal(QString epoch);
    /// 64 random bits in hexadecimal.
    [[nodiscard]] static QString randomEpoch();

    /// Appends an event as the next one and forgets what is out of bounds. The entry stays valid until
    /// the next call.
    const JournalEntry &append(JournalEntry entry, core::Milliseconds now);

    /// What followed `position`, oldest first. Fails with `PositionLost` when that is not all here any
    /// more, or was never said here.
    [[nodiscard]] core::Result<std::vector<JournalEntry>> since(const Position &position,
                                                                core::Milliseconds now);

    /// The newest events about `topic`, oldest first: at most `count` and `bytes` of them.
    [[nodiscard]] std::vector<JournalEntry>
    about(const Topic &topic, size_t count, qsizetype bytes) const;

    [[nodiscard]] const QString &epoch() const { return m_epoch; }
    [[nodiscard]] quint64 lastSeq() const { return m_lastSeq; }
    /// The oldest event that is kept; lastSeq() + 1 when there is none.
    [[nodiscard]] quint64 firstSeq() const;
    [[nodiscard]] Position position() const { return {m_epoch, m_lastSeq}; }

private:
    void forgetOld(core::Milliseconds now);

    QString m_epoch;
    std::deque<JournalEntry> m_entries;
    quint64 m_lastSeq = 0;
    qint64 m_bytes = 0;
};

} // namespace server
