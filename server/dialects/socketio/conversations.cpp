#include "server/dialects/socketio/conversations.h"

#include <algorithm>

namespace server {

namespace {

/// What an update costs besides its bytes, so that many small ones count too.
constexpr qint64 UpdateCost = 256;

qint64 costOf(const QByteArray &json)
{
    return json.size() + UpdateCost;
}

} // namespace

void Conversations::add(const Update &update, Kind kind)
{
    const Key key{update.owner, update.conversation};
    Conversation &conversation = m_conversations[key];
    // Whatever it says, it is newer than the numbers before it.
    dropNumbersOf(conversation, update.job);
    m_bySilence.erase(conversation.lastSeq);
    conversation.lastSeq = ++m_seq;
    m_bySilence[m_seq] = key;
    conversation.entries.push_back({m_seq, update.job, update.json, kind});
    conversation.bytes += costOf(update.json);
    m_bytes += costOf(update.json);
    while (conversation.entries.size() > 1
           && (conversation.entries.size() > MostUpdates || conversation.bytes > MostBytes))
        dropFirst(conversation);
    dropSilent();
}

Conversations::Part Conversations::since(const QString &owner,
                                         const QString &conversation,
                                         const Position &position) const
{
    Part part{.cursor = {m_epoch, m_seq}};
    const auto found = m_conversations.find({owner, conversation});
    if (found == m_conversations.end())
        return part;
    const bool isOurs = position.epoch == m_epoch && position.seq <= m_seq;
    for (const Entry &entry : found->second.entries)
        if (!isOurs || entry.seq > position.seq)
            part.updates.append(entry.json);
    return part;
}

Conversations::Part
Conversations::sinceLast(const QString &reader, const QString &owner, const QString &conversation)
{
    const std::pair<QString, Key> place{reader, {owner, conversation}};
    const auto known = m_places.find(place);
    const quint64 seq = known == m_places.end() ? 0 : known->second;
    Part part = since(owner, conversation, {m_epoch, seq});
    // Who is forgotten gets what is kept once more.
    if (known == m_places.end() && m_places.size() >= MostPlaces)
        m_places.clear();
    m_places[place] = part.cursor.seq;
    return part;
}

void Conversations::dropNumbersOf(Conversation &conversation, const QString &job)
{
    const auto last = std::ranges::find(conversation.entries.rbegin(), conversation.entries.rend(),
                                        job, &Entry::job);
    if (last == conversation.entries.rend() || last->kind != Kind::Numbers)
        return;
    conversation.bytes -= costOf(last->json);
    m_bytes -= costOf(last->json);
    conversation.entries.erase(std::next(last).base());
}

void Conversations::dropFirst(Conversation &conversation)
{
    conversation.bytes -= costOf(conversation.entries.front().json);
    m_bytes -= costOf(conversation.entries.front().json);
    conversation.entries.pop_front();
}

void Conversations::dropSilent()
{
    while (m_bytes > MostBytesInAll && m_bySilence.size() > 1) {
        const auto longest = m_bySilence.begin();
        m_bytes -= m_conversations[longest->second].bytes;
        m_conversations.erase(longest->second);
        m_bySilence.erase(longest);
    }
}

} // namespace server
