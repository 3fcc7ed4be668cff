#include "server/dialects/socketio/aimessage.h"

#include "server/dialects/json.h"
#include "server/dialects/socketio/rawjson.h"

#include <QDateTime>

#include <algorithm>
#include <cmath>

namespace server {
namespace {

using namespace Qt::StringLiterals;

tl::unexpected<core::Error> wrong(const QString &why)
{
    return core::fail(core::ErrorCode::InvalidArgument, why);
}

/// An id may be written as a whole number.
QString idIn(const QJsonValue &value)
{
    return value.isDouble() ? QString::number(value.toInteger()) : value.toString();
}

} // namespace

std::optional<qint64> AiMessage::percent() const
{
    const QJsonValue value = members.value("progress"_L1);
    const double number = value.toDouble(-1);
    if (!value.isDouble() || !(number >= 0))
        return std::nullopt;
    const bool isShare = number > 0 && number < 1;
    return qint64(std::floor(std::min(100.0, isShare ? number * 100 : number)));
}

std::optional<qint64> AiMessage::count(const QString &name) const
{
    const double number = members.value(name).toDouble(-1);
    const bool isCount = number >= 0 && number <= 1'000'000 && std::floor(number) == number;
    return isCount ? std::optional(qint64(number)) : std::nullopt;
}

core::Result<AiMessage> aiMessageFrom(const QByteArray &json, core::Milliseconds now)
{
    const auto value = parseJson(json);
    if (!value)
        return core::fail(value.error());
    if (!value->isObject() || hasControlCharacters(json))
        return wrong(u"ai_progress is not an object"_s);
    AiMessage message{.members = value->toObject(), .json = json};
    message.type = message.text(u"type"_s);
    message.job = idIn(message.members.value("task_id"_L1));
    if (message.type.isEmpty() || message.job.isEmpty())
        return wrong(u"\"type\" or \"task_id\" is missing"_s);
    message.conversation = idIn(message.members.value("conversation_id"_L1));
    if (message.conversation.isEmpty())
        message.conversation = message.job;
    if (!message.members.contains("timestamp"_L1))
        message.json = withMember(json, "timestamp", encode(isoTime(now)));
    message.words = message.members;
    message.words.remove("progress"_L1);
    message.words.remove("timestamp"_L1);
    return message;
}

QString isoTime(core::Milliseconds now)
{
    return QDateTime::fromMSecsSinceEpoch(now.count(), Qt::UTC).toString(Qt::ISODateWithMs);
}

} // namespace server
