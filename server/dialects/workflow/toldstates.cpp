#include "server/dialects/workflow/toldstates.h"

#include <utility>

namespace server {

using core::Milliseconds;

void ToldStates::add(const QByteArray &message, Milliseconds now)
{
    m_told.push_back({now, message});
    m_bytes += message.size();
    while (m_bytes > MostBytes) {
        m_droppedAt = m_told.front().at;
        m_bytes -= m_told.front().message.size();
        m_told.pop_front();
    }
}

void ToldStates::heard(Milliseconds at)
{
    const auto hasArrived = [at](Milliseconds told) { return told + Travel <= at; };
    while (!m_told.empty() && hasArrived(m_told.front().at)) {
        m_bytes -= m_told.front().message.size();
        m_told.pop_front();
    }
    if (m_droppedAt && hasArrived(*m_droppedAt))
        m_droppedAt.reset();
}

std::optional<QByteArrayList> ToldStates::doubtful() const
{
    if (m_droppedAt)
        return std::nullopt;
    QByteArrayList messages;
    for (const Told &told : m_told)
        messages.append(told.message);
    return messages;
}

} // namespace server
