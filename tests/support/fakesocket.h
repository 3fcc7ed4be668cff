#pragma once
#include "server/http/exchange.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace tests {

/// What a FakeSocket's server side did; lives on when the session is gone.
struct SocketRecord {
    QList<QByteArray> sent;
    qint64 unsent = 0; // bytes, as the test wants
    std::optional<int> closeCode;
    QString closeReason;

    /// Takes what was sent, as objects (batches flattened).
    QList<QJsonObject> take()
    {
        QList<QJsonObject> objects;
        for (const QByteArray &message : std::exchange(sent, {}))
            objects.append(QJsonDocument::fromJson(message).object());
        return objects;
    }
};

/// A WebSocket whose client is the test.
class FakeSocket final : public server::WebSocketSession
{
public:
    FakeSocket(server::Request request, std::shared_ptr<SocketRecord> record)
        : m_request(std::move(request))
        , m_record(std::move(record))
    { }

    [[nodiscard]] const server::Request &request() const override { return m_request; }
    void send(const QByteArray &utf8) override { m_record->sent.append(utf8); }
    [[nodiscard]] qint64 unsentBytes() const override { return m_record->unsent; }
    void close(int code, const QString &reason) override
    {
        m_record->closeCode = code;
        m_record->closeReason = reason;
    }

    /// The client sends a text message.
    void say(const QByteArray &utf8) { emit received(utf8); }
    void hangUp() { emit closed(); }

private:
    server::Request m_request;
    std::shared_ptr<SocketRecord> m_record;
};

} // namespace tests
