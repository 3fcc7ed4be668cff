#include "tests/core/drives/mockudisks.h"

#include "core/base/files.h"
#include "core/drives/udisks2names.h"

#include <QDBusArgument>
#include <QDBusUnixFileDescriptor>

namespace tests {

using namespace Qt::StringLiterals;

MockUDisks::MockUDisks(const QString &address)
    : m_bus(QDBusConnection::connectToBus(address, u"mock "_s + address))
{
    if (!m_bus.registerVirtualObject(core::udisks2::Root, this, QDBusConnection::SubPath)
        || !m_bus.registerService(core::udisks2::Service))
        qFatal("cannot stand for UDisks2");
}

MockUDisks::~MockUDisks()
{
    QDBusConnection::disconnectFromBus(m_bus.name());
}

MockUDisks::Answer MockUDisks::error(const QString &name, const QString &message)
{
    return [=](const QDBusMessage &call) { return call.createErrorReply(name, message); };
}

MockUDisks::Answer MockUDisks::descriptor(const QString &path, int flags)
{
    return [=](const QDBusMessage &call) {
        const auto fd = core::openFile(path, flags);
        if (!fd)
            return call.createErrorReply(u"org.freedesktop.UDisks2.Error.Failed"_s,
                                         fd.error().context);
        return call.createReply(QVariant::fromValue(QDBusUnixFileDescriptor(fd->get())));
    };
}

QString MockUDisks::introspect(const QString &) const
{
    return {};
}

bool MockUDisks::handleMessage(const QDBusMessage &message, const QDBusConnection &connection)
{
    m_calls.append(message.path().section(u'/', -1) + u' ' + message.member());
    m_lastOptions =
        qdbus_cast<QVariantMap>(message.arguments().value(message.arguments().size() - 1));
    const Answer answer = m_answers.value(message.member());
    const QDBusMessage reply = answer ? answer(message) : message.createReply();
    if (reply.type() != QDBusMessage::InvalidMessage)
        connection.send(reply);
    return true;
}

} // namespace tests
