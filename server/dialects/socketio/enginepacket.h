#pragma once
#include "core/base/result.h"

#include <QByteArrayList>

namespace server {

/// The packets of Engine.IO protocol 4, by their digits.
enum class EngineType { Open, Close, Ping, Pong, Message, Upgrade, Noop };

struct EnginePacket {
    EngineType type = EngineType::Noop;
    QByteArray text;
    friend bool operator==(const EnginePacket &, const EnginePacket &) = default;
};

/// One packet as a WebSocket message holds it. Fails with `InvalidArgument`.
[[nodiscard]] core::Result<EnginePacket> enginePacketFrom(const QByteArray &text);
/// The packets in a polling body, one at least. Binary ones (`b…`) are not spoken here. Fails with
/// `InvalidArgument` when one of them is wrong.
[[nodiscard]] core::Result<QList<EnginePacket>> enginePayloadFrom(const QByteArray &body);

[[nodiscard]] QByteArray encode(const EnginePacket &packet);
/// Encoded packets as one polling body.
[[nodiscard]] QByteArray enginePayload(const QByteArrayList &packets);

} // namespace server
