#pragma once
#include "server/http/exchange.h"

namespace tests {

/// A request whose client is the test.
class FakeExchange final : public server::Exchange
{
public:
    explicit FakeExchange(server::Request request)
        : m_request(std::move(request))
    { }

    [[nodiscard]] const server::Request &request() const override { return m_request; }
    void respond(server::Response response) override { answer = std::move(response); }
    void startStream(server::Response head) override { answer = std::move(head); }
    void write(const QByteArray &bytes) override { body += bytes; }
    void finish() override { isFinished = true; }
    [[nodiscard]] qint64 unsentBytes() const override { return unsent; }

    void drain()
    {
        unsent = 0;
        emit drained();
    }
    void hangUp() { emit closed(); }

    std::optional<server::Response> answer;
    QByteArray body; // of a stream
    bool isFinished = false;
    qint64 unsent = 0; // bytes, as the test wants

private:
    server::Request m_request;
};

} // namespace tests
