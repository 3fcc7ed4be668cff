#include "server/dialects/socketio/socketpacket.h"

#include "server/dialects/json.h"

#include <algorithm>
#include <array>

namespace server {
namespace {

using namespace Qt::StringLiterals;

/// Names that both ends keep for themselves.
constexpr std::array Reserved{"connect"_L1,       "connect_error"_L1, "disconnect"_L1,
                              "disconnecting"_L1, "newListener"_L1,   "removeListener"_L1};

tl::unexpected<core::Error> wrong(const QString &why)
{
    return core::fail(core::ErrorCode::InvalidArgument, why);
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isControl(char c)
{
    return uchar(c) < 0x20 || c == 0x7f;
}

bool isEvent(const QJsonValue &value)
{
    const QJsonValue name = value.isArray() ? value.toArray().first() : QJsonValue();
    return name.isDouble()
        || (name.isString() && std::ranges::find(Reserved, name.toString()) == Reserved.end());
}

/// Whether a client may say that in such a packet.
bool isValid(SocketType type, const QJsonValue &value)
{
    switch (type) {
    case SocketType::Connect:
        return value.isUndefined() || value.isObject();
    case SocketType::Disconnect:
        return value.isUndefined();
    case SocketType::Event:
        return isEvent(value);
    case SocketType::Ack:
        return value.isArray();
    case SocketType::ConnectError:
        return false;
    }
    return false;
}

/// Takes the namespace off the front of `rest`.
core::Result<QString> takePlace(QByteArray &rest)
{
    if (!rest.startsWith('/'))
        return u"/"_s;
    const qsizetype comma = rest.indexOf(',');
    QByteArray name = comma < 0 ? rest : rest.first(comma);
    rest = comma < 0 ? QByteArray() : rest.sliced(comma + 1);
    if (const qsizetype query = name.indexOf('?'); query >= 0)
        name.truncate(query);
    if (name.size() > SocketPacket::LongestNamespace || std::ranges::any_of(name, isControl))
        return wrong(u"not a namespace"_s);
    return QString::fromUtf8(name);
}

/// Takes the ack id off the front of `rest`.
core::Result<std::optional<qint64>> takeId(QByteArray &rest)
{
    const auto end = std::ranges::find_if_not(rest, isDigit);
    const qsizetype digits = end - rest.begin();
    if (digits > SocketPacket::MostDigits)
        return wrong(u"the ack id is too long"_s);
    if (digits == 0)
        return std::nullopt;
    const qint64 id = rest.first(digits).toLongLong();
    rest = rest.sliced(digits);
    return id;
}

core::Result<void> takeJson(SocketPacket &packet, const QByteArray &rest)
{
    if (rest.isEmpty())
        return {};
    const auto value = parseJson(rest);
    if (!value)
        return core::fail(value.error());
    packet.json = rest;
    packet.value = *value;
    return {};
}

} // namespace

core::Result<SocketPacket> socketPacketFrom(const QByteArray &message)
{
    const int digit = message.isEmpty() ? -1 : message.front() - '0';
    if (digit < int(SocketType::Connect) || digit > int(SocketType::ConnectError))
        return wrong(u"no such Socket.IO packet"_s);
    SocketPacket packet{.type = SocketType(digit)};
    QByteArray rest = message.sliced(1);
    const auto place = takePlace(rest);
    if (!place)
        return core::fail(place.error());
    packet.place = *place;
    const auto id = takeId(rest);
    if (!id)
        return core::fail(id.error());
    packet.id = *id;
    if (const auto taken = takeJson(packet, rest); !taken)
        return core::fail(taken.error());
    if (!isValid(packet.type, packet.value))
        return wrong(u"not what such a Socket.IO packet holds"_s);
    return packet;
}

QByteArray encode(const SocketPacket &packet)
{
    QByteArray text(1, char('0' + int(packet.type)));
    if (packet.place != "/"_L1)
        text += packet.place.toUtf8() + ',';
    if (packet.id)
        text += QByteArray::number(*packet.id);
    return text + packet.json;
}

} // namespace server
