#include "server/dialects/socketio/enginepacket.h"

namespace server {

using namespace Qt::StringLiterals;

namespace {

/// Between the packets of a polling body (U+001E).
constexpr char Separator = '\x1e';

} // namespace

core::Result<EnginePacket> enginePacketFrom(const QByteArray &text)
{
    const int digit = text.isEmpty() ? -1 : text.front() - '0';
    if (digit < int(EngineType::Open) || digit > int(EngineType::Noop))
        return core::fail(core::ErrorCode::InvalidArgument, u"no such Engine.IO packet"_s);
    return EnginePacket{EngineType(digit), text.sliced(1)};
}

core::Result<QList<EnginePacket>> enginePayloadFrom(const QByteArray &body)
{
    QList<EnginePacket> packets;
    for (const QByteArray &text : body.split(Separator)) {
        auto packet = enginePacketFrom(text);
        if (!packet)
            return core::fail(packet.error());
        packets.append(std::move(*packet));
    }
    return packets;
}

QByteArray encode(const EnginePacket &packet)
{
    return char('0' + int(packet.type)) + packet.text;
}

QByteArray enginePayload(const QByteArrayList &packets)
{
    return packets.join(Separator);
}

} // namespace server
