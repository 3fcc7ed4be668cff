#pragma once
#include "core/base/result.h"

#include <QJsonValue>

namespace server {

/// The packets of Socket.IO protocol 5, by their digits. Binary ones are not spoken here.
enum class SocketType { Connect, Disconnect, Event, Ack, ConnectError };

/// What one Engine.IO message holds: `<digit>[/namespace,][ack id]<json>`.
struct SocketPacket {
    static constexpr qsizetype LongestNamespace = 256;
    /// Of an ack id: every program counts that far exactly.
    static constexpr qsizetype MostDigits = 15;

    SocketType type = SocketType::Event;
    /// Without the query that may follow it.
    QString place = QStringLiteral("/");
    /// Which answer is asked for, or given.
    std::optional<qint64> id;
    /// The payload as it was written; empty: none.
    QByteArray json;
    /// The same, read.
    QJsonValue value = QJsonValue::Undefined;
};

/// Fails with `InvalidArgument` for what Socket.IO's own parser refuses, for what a client does not send,
/// and for binary packets.
[[nodiscard]] core::Result<SocketPacket> socketPacketFrom(const QByteArray &message);

/// `value` is not looked at.
[[nodiscard]] QByteArray encode(const SocketPacket &packet);

} // namespace server
