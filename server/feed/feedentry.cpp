#include "server/feed/feedentry.h"

namespace server {

JournalEntry feedEntry(const Topic &topic,
                       const std::optional<QString> &owner,
                       QLatin1StringView type,
                       const QByteArray &encodedId)
{
    const QByteArray name = topic.name().toLatin1(); // as Topic::parse() has it: nothing to escape
    const QByteArray id =
        encodedId.isEmpty() ? '"' + name.mid(name.indexOf(':') + 1) + '"' : encodedId;
    JournalEntry entry{.topic = topic, .owner = owner};
    entry.tail = R"("topic":")" + name + R"(","type":")" + QByteArray(type.data(), type.size())
        + R"(","id":)" + id;
    return entry;
}

void addMember(JournalEntry &entry, QByteArrayView name, const QByteArray &value)
{
    entry.tail.append(",\"").append(name).append("\":").append(value);
}

} // namespace server
