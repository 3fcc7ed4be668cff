#pragma once
#include "core/base/files.h"

#include <QDBusConnection>
#include <QVariant>

#include <stop_token>

class QDBusMessage;

namespace core {

/// Calls UDisks2, which acts with root's rights for users that polkit agrees to.
/// Threads: a call is made on any thread, and waits there in an event loop of its own.
class UDisks2
{
public:
    /// One method call. A map of options is appended to the arguments by call().
    struct Call {
        QString object;
        QLatin1StringView interface;
        QString method;
        QVariantList arguments;
        QVariantMap options;
    };

    /// `bus` is as a rule the system bus.
    explicit UDisks2(QDBusConnection bus);

    /// Whether UDisks2 runs or the bus can start it.
    [[nodiscard]] bool isReachable() const;
    /// The arguments of the answer. Waits without a time limit, for a person may be typing a password,
    /// and gives up only when `stop` is requested (`InvalidState`). Else fails as udisks2Error says.
    [[nodiscard]] Result<QVariantList> call(const Call &call, const std::stop_token &stop) const;
    /// The descriptor in the answer of `call`, ours.
    [[nodiscard]] Result<FileDescriptor> open(const Call &call, const std::stop_token &stop) const;
    /// The arguments of the answer to a question that takes no options and for which no password is ever
    /// asked.
    [[nodiscard]] Result<QVariantList> ask(const QString &object,
                                           QLatin1StringView interface,
                                           const QString &method,
                                           const QVariantList &arguments) const;
    /// A property of an object, for which no password is ever asked.
    [[nodiscard]] Result<QVariant>
    property(const QString &object, QLatin1StringView interface, const QString &name) const;

private:
    const QDBusConnection m_bus;
};

/// What the D-Bus error `name` of UDisks2 means for `what` (a drive or a mount point):
/// `Forbidden` when the user may not, dismissed the password, or no authentication agent could ask for
/// it; `DeviceBusy`; `DeviceGone` for an unknown object or a missing device; `NotFound` when nothing was
/// mounted or the object has no such method; `Unsupported` without UDisks2; else `FileAccess`.
/// UDisks2 answers many failures as "Failed" with the system's words: these are looked at.
[[nodiscard]] Error udisks2Error(const QString &name, const QString &message, const QString &what);

} // namespace core
