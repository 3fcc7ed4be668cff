#pragma once
#include "server/feed/position.h"

#include <QByteArrayList>
#include <QHash>

#include <deque>
#include <map>

namespace server {

/// What was told in each conversation, for who asks instead of listening (PROTOCOL.md §3.5, fallback). Kept
/// in memory and bounded; of messages that only moved numbers each job's newest.
///
/// A place is `epoch:seq`: one of an earlier start of the server is answered with all that is kept.
class Conversations
{
public:
    static constexpr size_t MostUpdates = 200;
    static constexpr qint64 MostBytes = qint64(256) << 10;
    /// Of all conversations; those that were silent longest go.
    static constexpr qint64 MostBytesInAll = qint64(8) << 20;
    static constexpr size_t MostPlaces = 4096;

    enum class Kind { Words, Numbers };
    struct Update {
        QString owner;
        QString conversation;
        QString job;
        QByteArray json;
    };
    struct Part {
        QByteArrayList updates;
        Position cursor;
    };

    /// `epoch` as Journal::randomEpoch() makes it.
    explicit Conversations(QString epoch)
        : m_epoch(std::move(epoch))
    { }

    void add(const Update &update, Kind kind);
    [[nodiscard]] Part
    since(const QString &owner, const QString &conversation, const Position &position) const;
    /// What came since `reader` asked this last.
    [[nodiscard]] Part
    sinceLast(const QString &reader, const QString &owner, const QString &conversation);

private:
    using Key = std::pair<QString, QString>; // owner, conversation
    struct Entry {
        quint64 seq = 0;
        QString job;
        QByteArray json;
        Kind kind = Kind::Words;
    };
    struct Conversation {
        std::deque<Entry> entries;
        qint64 bytes = 0;
        quint64 lastSeq = 0;
    };

    void dropNumbersOf(Conversation &conversation, const QString &job);
    void dropFirst(Conversation &conversation);
    void dropSilent();

    QString m_epoch;
    quint64 m_seq = 0;
    qint64 m_bytes = 0;
    std::map<Key, Conversation> m_conversations;
    std::map<quint64, Key> m_bySilence; // by the last seq of each
    std::map<std::pair<QString, Key>, quint64> m_places;
};

} // namespace server
