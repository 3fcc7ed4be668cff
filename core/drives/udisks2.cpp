#include "core/drives/udisks2.h"

#include "core/drives/udisks2names.h"

#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusReply>
#include <QDBusUnixFileDescriptor>
#include <QEventLoop>

#include <fcntl.h>

#include <array>
#include <cerrno>
#include <limits>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// libdbus takes this for "no time limit".
constexpr int Forever = std::numeric_limits<int>::max();

struct Meaning {
    QLatin1StringView name; ///< end of the D-Bus error's name
    QLatin1StringView words; ///< in the message; empty: any
    ErrorCode code;
    QLatin1StringView sentence;
};

constexpr std::array Meanings = std::to_array<Meaning>({
    {".NotAuthorizedCanObtain"_L1, ""_L1, ErrorCode::Forbidden,
     "a password is needed, and no authentication agent runs that could ask for it"_L1},
    {".NotAuthorizedDismissed"_L1, ""_L1, ErrorCode::Forbidden,
     "the question for the password was dismissed"_L1},
    {".NotAuthorized"_L1, ""_L1, ErrorCode::Forbidden, "this user may not do that"_L1},
    {".AccessDenied"_L1, ""_L1, ErrorCode::Forbidden, "the bus does not allow it"_L1},
    {".DeviceBusy"_L1, ""_L1, ErrorCode::DeviceBusy, "it is in use"_L1},
    {".NotMounted"_L1, ""_L1, ErrorCode::NotFound, "it is not mounted"_L1},
    {".UnknownObject"_L1, ""_L1, ErrorCode::DeviceGone, "UDisks2 does not know it"_L1},
    {".UnknownMethod"_L1, "No such object path"_L1, ErrorCode::DeviceGone,
     "UDisks2 does not know it"_L1},
    {".UnknownMethod"_L1, "does not exist at path"_L1, ErrorCode::DeviceGone,
     "UDisks2 does not know it"_L1},
    {".UnknownMethod"_L1, ""_L1, ErrorCode::NotFound, "UDisks2 cannot do that with it"_L1},
    {".UnknownInterface"_L1, ""_L1, ErrorCode::NotFound, "UDisks2 cannot do that with it"_L1},
    {".ServiceUnknown"_L1, ""_L1, ErrorCode::Unsupported, "UDisks2 does not run"_L1},
    {".NameHasNoOwner"_L1, ""_L1, ErrorCode::Unsupported, "UDisks2 does not run"_L1},
    {".Disconnected"_L1, ""_L1, ErrorCode::Unsupported, "there is no system bus"_L1},
    {".NoReply"_L1, ""_L1, ErrorCode::Unsupported, "UDisks2 ended before it answered"_L1},
    {".Failed"_L1, "Device or resource busy"_L1, ErrorCode::DeviceBusy, "it is in use"_L1},
    {".Failed"_L1, "target is busy"_L1, ErrorCode::DeviceBusy, "it is in use"_L1},
    {".Failed"_L1, "No such file or directory"_L1, ErrorCode::DeviceGone, "it is gone"_L1},
    {".Failed"_L1, "No such device"_L1, ErrorCode::DeviceGone, "it is gone"_L1},
    {".Failed"_L1, "No medium found"_L1, ErrorCode::DeviceGone, "there is no medium in it"_L1},
    {".Failed"_L1, "Read-only file system"_L1, ErrorCode::Forbidden, "it is write-protected"_L1},
    {".Failed"_L1, "Invalid argument"_L1, ErrorCode::InvalidArgument, "it cannot be opened so"_L1},
});

} // namespace

Error udisks2Error(const QString &name, const QString &message, const QString &what)
{
    for (const Meaning &meaning : Meanings)
        if (name.endsWith(meaning.name) && message.contains(meaning.words))
            return {meaning.code, u"%1: %2 (%3)"_s.arg(what, meaning.sentence, message)};
    return {ErrorCode::FileAccess, u"%1: %2 (%3)"_s.arg(what, message, name)};
}

UDisks2::UDisks2(QDBusConnection bus)
    : m_bus(std::move(bus))
{ }

bool UDisks2::isReachable() const
{
    QDBusConnectionInterface *owners = m_bus.isConnected() ? m_bus.interface() : nullptr;
    return owners
        && (owners->isServiceRegistered(udisks2::Service)
            || owners->activatableServiceNames().value().contains(udisks2::Service));
}

Result<QVariantList> UDisks2::call(const Call &call, const std::stop_token &stop) const
{
    QDBusMessage message =
        QDBusMessage::createMethodCall(udisks2::Service, call.object, call.interface, call.method);
    message.setArguments(call.arguments + QVariantList{call.options});
    QEventLoop loop;
    const QDBusPendingCallWatcher answer(m_bus.asyncCall(message, Forever));
    QObject::connect(&answer, &QDBusPendingCallWatcher::finished, &loop, [&loop] { loop.exit(); });
    const std::stop_callback onStop(stop, [&loop] {
        QMetaObject::invokeMethod(
            &loop, [&loop] { loop.exit(); }, Qt::QueuedConnection);
    });
    if (!answer.isFinished() && !stop.stop_requested())
        loop.exec();
    if (!answer.isFinished())
        return fail(ErrorCode::InvalidState, u"%1 was stopped"_s.arg(call.method));
    const QDBusMessage reply = answer.reply();
    if (reply.type() == QDBusMessage::ErrorMessage)
        return fail(udisks2Error(reply.errorName(), reply.errorMessage(), call.object));
    return reply.arguments();
}

Result<FileDescriptor> UDisks2::open(const Call &call, const std::stop_token &stop) const
{
    const auto answer = this->call(call, stop);
    if (!answer)
        return fail(answer.error());
    const auto passed = answer->value(0).value<QDBusUnixFileDescriptor>();
    // Ours outlives the message; -1 when there was none.
    FileDescriptor fd(::fcntl(passed.fileDescriptor(), F_DUPFD_CLOEXEC, 0));
    if (!fd.isOpen())
        return fail(fileError(errno, call.object));
    return fd;
}

Result<QVariantList> UDisks2::ask(const QString &object,
                                  QLatin1StringView interface,
                                  const QString &method,
                                  const QVariantList &arguments) const
{
    QDBusMessage message =
        QDBusMessage::createMethodCall(udisks2::Service, object, interface, method);
    message.setArguments(arguments);
    const QDBusMessage reply = m_bus.call(message);
    if (reply.type() == QDBusMessage::ErrorMessage)
        return fail(udisks2Error(reply.errorName(), reply.errorMessage(), object));
    return reply.arguments();
}

Result<QVariant>
UDisks2::property(const QString &object, QLatin1StringView interface, const QString &name) const
{
    QDBusMessage message =
        QDBusMessage::createMethodCall(udisks2::Service, object, udisks2::Properties, u"Get"_s);
    message << QString(interface) << name;
    const QDBusReply<QDBusVariant> reply = m_bus.call(message);
    if (!reply.isValid())
        return fail(udisks2Error(reply.error().name(), reply.error().message(), object));
    return reply.value().variant();
}

} // namespace core
