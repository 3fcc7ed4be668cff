#pragma once
#include "tests/support/fakesocket.h"

namespace tests {

/// A client of one of the hub's sockets; call() and ask() speak the native protocol.
struct HubClient {
    FakeSocket *socket = nullptr;
    std::shared_ptr<SocketRecord> record = std::make_shared<SocketRecord>();

    void say(const QByteArray &text) { socket->say(text); }
    void call(const QByteArray &method, const QByteArray &params = "{}", int id = 1)
    {
        say(R"({"jsonrpc":"2.0","id":)" + QByteArray::number(id) + R"(,"method":")" + method
            + R"(","params":)" + params + '}');
    }
    /// Calls and takes everything that came, the answer as the last that has an id.
    QJsonObject ask(const QByteArray &method, const QByteArray &params = "{}")
    {
        call(method, params);
        QJsonObject answer;
        for (const QJsonObject &message : record->take())
            if (message.contains(QStringLiteral("id")))
                answer = message;
        return answer;
    }
};

} // namespace tests
