#include "app/servicenotifier.h"

#include "core/base/files.h"
#include "core/base/logging.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>

namespace app {
namespace {

constexpr const char *Variable = "NOTIFY_SOCKET";
/// The service manager reads at once; a program that does not must not hold us.
constexpr timeval SendTime{.tv_sec = 1, .tv_usec = 0};

/// The STATUS line: assignments are ended by line breaks.
QByteArray statusLine(const QString &text)
{
    return "STATUS=" + text.simplified().toUtf8() + '\n';
}

} // namespace

ServiceNotifier::ServiceNotifier(QByteArray address)
    : m_address(std::move(address))
{ }

ServiceNotifier ServiceNotifier::take()
{
    ServiceNotifier notifier(qgetenv(Variable));
    qunsetenv(Variable);
    return notifier;
}

void ServiceNotifier::tellReady(const QString &status) const
{
    send("READY=1\n" + statusLine(status));
}

void ServiceNotifier::tellStopping(const QString &status) const
{
    send("STOPPING=1\n" + statusLine(status));
}

void ServiceNotifier::tellStatus(const QString &status) const
{
    send(statusLine(status));
}

void ServiceNotifier::send(const QByteArray &assignments) const
{
    if (m_address.isEmpty())
        return;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const bool isKnown = m_address.startsWith('/') || m_address.startsWith('@');
    if (!isKnown || size_t(m_address.size()) >= sizeof address.sun_path) {
        qCWarning(lcHub) << "NOTIFY_SOCKET is not an address of ours:" << m_address;
        return;
    }
    std::copy(m_address.begin(), m_address.end(), address.sun_path);
    if (m_address.startsWith('@'))
        address.sun_path[0] = '\0'; // abstract, unix(7)
    const auto length = socklen_t(offsetof(sockaddr_un, sun_path) + size_t(m_address.size()));
    const core::FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const bool isSent = socket.isOpen()
        && ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &SendTime, sizeof SendTime) == 0
        && ::sendto(socket.get(), assignments.constData(), size_t(assignments.size()), MSG_NOSIGNAL,
                    reinterpret_cast<const sockaddr *>(&address), length)
            == assignments.size();
    if (!isSent)
        qCWarning(lcHub) << "The service manager cannot be told:" << std::strerror(errno);
}

} // namespace app
