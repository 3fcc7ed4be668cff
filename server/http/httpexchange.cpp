#include "server/http/httpexchange.h"

#include "server/http/httpconnection.h"

namespace server {

void HttpExchange::respond(Response response)
{
    if (m_connection && !m_isStream)
        m_connection->respond(std::move(response));
}

void HttpExchange::startStream(Response head)
{
    if (!m_connection || m_isStream)
        return;
    m_isStream = true;
    m_connection->startStream(std::move(head));
}

void HttpExchange::write(const QByteArray &bytes)
{
    if (m_connection && m_isStream)
        m_connection->writeStream(bytes);
}

void HttpExchange::finish()
{
    if (m_connection && m_isStream)
        m_connection->finishStream();
}

qint64 HttpExchange::unsentBytes() const
{
    return m_connection ? m_connection->unsentBytes() : 0;
}

} // namespace server
