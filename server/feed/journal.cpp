#include "server/feed/journal.h"

#include <QRandomGenerator>

#include <algorithm>

namespace server {

using namespace Qt::StringLiterals;

Journal::Journal(QString epoch)
    : m_epoch(std::move(epoch))
{ }

QString Journal::randomEpoch()
{
    return u"%1"_s.arg(qulonglong(QRandomGenerator::system()->generate64()), 16, 16, QChar(u'0'));
}

const JournalEntry &Journal::append(JournalEntry entry, core::Milliseconds now)
{
    entry.seq = ++m_lastSeq;
    entry.time = now;
    m_bytes += entry.tail.size();
    m_entries.push_back(std::move(entry));
    forgetOld(now);
    return m_entries.back();
}

core::Result<std::vector<JournalEntry>> Journal::since(const Position &position,
                                                       core::Milliseconds now)
{
    forgetOld(now);
    if (position.epoch != m_epoch || position.seq > m_lastSeq || position.seq + 1 < firstSeq())
        return core::fail(core::ErrorCode::PositionLost, position.toString());
    const auto begin = m_entries.end() - qptrdiff(m_lastSeq - position.seq);
    return std::vector<JournalEntry>(begin, m_entries.end());
}

std::vector<JournalEntry> Journal::about(const Topic &topic, size_t count, qsizetype bytes) const
{
    std::vector<JournalEntry> found;
    for (auto entry = m_entries.rbegin(); entry != m_entries.rend(); ++entry) {
        if (entry->topic != topic)
            continue;
        bytes -= entry->tail.size();
        if (found.size() == count || bytes < 0)
            break;
        found.push_back(*entry);
    }
    std::ranges::reverse(found);
    return found;
}

quint64 Journal::firstSeq() const
{
    return m_entries.empty() ? m_lastSeq + 1 : m_entries.front().seq;
}

void Journal::forgetOld(core::Milliseconds now)
{
    const auto isOut = [&] {
        return m_entries.size() > MaxEvents || m_bytes > MaxBytes
            || now - m_entries.front().time > MaxAge;
    };
    // The newest one stays, however large: append() hands it out.
    while (m_entries.size() > 1 && isOut()) {
        m_bytes -= m_entries.front().tail.size();
        m_entries.pop_front();
    }
}

} // namespace server
