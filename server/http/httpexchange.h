#pragma once
#include "server/http/exchange.h"

namespace server {

class HttpConnection;

/// The exchange of a connection's current request; everything it is told, the connection does. Calls
/// after the answer or after closed() do nothing.
class HttpExchange final : public Exchange
{
    Q_OBJECT
public:
    HttpExchange(HttpConnection &connection, Request request)
        : m_connection(&connection)
        , m_request(std::move(request))
    { }

    [[nodiscard]] const Request &request() const override { return m_request; }
    void respond(Response response) override;
    void startStream(Response head) override;
    void write(const QByteArray &bytes) override;
    void finish() override;
    [[nodiscard]] qint64 unsentBytes() const override;

    [[nodiscard]] bool isStream() const { return m_isStream; }
    /// The connection has nothing more to do with it.
    void release() { m_connection = nullptr; }

private:
    HttpConnection *m_connection;
    Request m_request;
    bool m_isStream = false;
};

} // namespace server
