#pragma once
#include <QJsonObject>
#include <QString>

namespace server {

/// How a server ends a session (PROTOCOL.md §1, close codes).
struct Ending {
    int code;
    QString reason;
    qint64 retryAfterMs = 0;

    static constexpr int Shutdown = 1001;
    static constexpr int Protocol = 1002;
    static constexpr int Unauthorized = 1008;
    static constexpr int NoHeartbeat = 4002;
    static constexpr int TooSlow = 4008;
    static constexpr int TooManyMessages = 4029;
    static constexpr int Crowded = 4504;
    static constexpr int Revoked = 4505;

    /// 1008 and 45xx mean that trying again changes nothing.
    [[nodiscard]] bool mayReconnect() const { return code != Unauthorized && code < 4500; }
};

/// The params of `session.bye`.
[[nodiscard]] inline QJsonObject byeParams(const Ending &ending)
{
    return {{QStringLiteral("code"), ending.code},
            {QStringLiteral("reason"), ending.reason},
            {QStringLiteral("reconnect"), ending.mayReconnect()},
            {QStringLiteral("retryAfterMs"), ending.retryAfterMs}};
}

} // namespace server
