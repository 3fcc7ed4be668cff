#include "server/http/listener.h"

#include "core/base/logging.h"
#include "server/http/authority.h"
#include "server/http/promptsocket.h"

#include <QSslSocket>

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

namespace server {

using namespace Qt::StringLiterals;

namespace {

/// How long accepting rests when open files run out.
constexpr std::chrono::milliseconds AcceptPause{500};
/// Open files that no connection takes. Without one accept(2) fails at once, again and again: Qt 6.4 does
/// not say so, and asks without a pause.
constexpr int FilesKept = 16;

bool isAmongTheLast(qintptr descriptor)
{
    rlimit files{};
    return ::getrlimit(RLIMIT_NOFILE, &files) == 0
        && rlim_t(descriptor) + FilesKept >= files.rlim_cur;
}

QString hostText(const QHostAddress &address)
{
    const bool isSix = address.protocol() == QAbstractSocket::IPv6Protocol;
    return isSix ? u'[' + address.toString() + u']' : address.toString();
}

} // namespace

Listener::Listener(Accepted accepted, std::optional<QSslConfiguration> tls)
    : m_accepted(std::move(accepted))
    , m_tls(std::move(tls))
{
    setListenBacklogSize(Backlog);
    m_rest.setSingleShot(true);
    m_rest.setInterval(AcceptPause);
    connect(&m_rest, &QTimer::timeout, this, [this] {
        if (isListening()) // Qt 6.4 resumes a closed one through a null pointer
            resumeAccepting();
    });
    // Qt stops accepting for good when accept(2) fails.
    connect(this, &QTcpServer::acceptError, this, [this] {
        qCWarning(lcServer) << "Cannot accept a connection:" << errorString();
        rest();
    });
}

void Listener::rest()
{
    pauseAccepting();
    m_rest.start();
}

core::Result<void> Listener::open(const QHostAddress &address, quint16 port)
{
    if (listen(address, port))
        return {};
    const QString where = u"%1:%2"_s.arg(hostText(address)).arg(port);
    if (serverError() == QAbstractSocket::AddressInUseError)
        return core::fail(core::ErrorCode::Busy,
                          u"%1: the port is in use by another program"_s.arg(where));
    return core::fail(core::ErrorCode::Network, u"%1: %2"_s.arg(where, errorString()));
}

core::Result<void> Listener::adopt(int socket)
{
    if (setSocketDescriptor(socket))
        return {};
    return core::fail(core::ErrorCode::Network,
                      u"passed socket %1: %2"_s.arg(socket).arg(errorString()));
}

QUrl Listener::url() const
{
    // A wildcard is not an address anyone can open.
    QHostAddress address = serverAddress();
    if (address == QHostAddress::AnyIPv4)
        address = QHostAddress::LocalHost;
    if (address == QHostAddress::AnyIPv6 || address == QHostAddress::Any)
        address = QHostAddress::LocalHostIPv6;
    QUrl url;
    url.setScheme(isTls() ? u"https"_s : u"http"_s);
    url.setHost(address.toString());
    url.setPort(serverPort());
    url.setPath(u"/"_s);
    return url;
}

void Listener::incomingConnection(qintptr descriptor)
{
    if (isAmongTheLast(descriptor)) {
        if (!std::exchange(m_isOutOfFiles, true))
            qCWarning(lcServer) << "Open files run out: connections are closed at once";
        ::close(int(descriptor));
        return rest();
    }
    m_isOutOfFiles = false;
    std::unique_ptr<QTcpSocket> socket;
    if (m_tls)
        socket = std::make_unique<QSslSocket>();
    else
        socket = std::make_unique<PromptSocket>();
    if (!socket->setSocketDescriptor(descriptor)) {
        qCWarning(lcServer) << "Cannot use a connection:" << socket->errorString();
        return;
    }
    const Door door{.address = unmapped(socket->localAddress()),
                    .port = serverPort(),
                    .isTls = isTls(),
                    .isLoopback = isLoopback(serverAddress())};
    if (auto *tls = qobject_cast<QSslSocket *>(socket.get())) {
        tls->setSslConfiguration(*m_tls);
        tls->startServerEncryption();
    }
    m_accepted(std::move(socket), door);
}

core::Result<ListenAddress> parseListenAddress(const QString &text)
{
    const qsizetype colon = text.lastIndexOf(u':');
    QString host = colon < 0 ? QString() : text.first(colon);
    const bool isBracketed = host.startsWith(u'[') && host.endsWith(u']');
    if (isBracketed)
        host = host.sliced(1, host.size() - 2);
    bool isNumber = false;
    const ushort port = text.sliced(colon + 1).toUShort(&isNumber);
    QHostAddress address;
    if (host == "localhost"_L1)
        address = QHostAddress::LocalHost;
    const bool isAddress = !address.isNull() || address.setAddress(host);
    const bool isSix = address.protocol() == QAbstractSocket::IPv6Protocol;
    if (!isNumber || !isAddress || isSix != isBracketed)
        return core::fail(core::ErrorCode::InvalidArgument,
                          u"%1: not an address to listen on (ADDR:PORT)"_s.arg(text));
    return ListenAddress{address, port};
}

core::Result<QHostAddress> listeningAddress(int socket)
{
    const auto isSet = [socket](int option, int wanted) {
        int value = 0;
        socklen_t size = sizeof value;
        return ::getsockopt(socket, SOL_SOCKET, option, &value, &size) == 0 && value == wanted;
    };
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const bool isTcp = isSet(SO_ACCEPTCONN, 1) && isSet(SO_PROTOCOL, IPPROTO_TCP)
        && ::getsockname(socket, reinterpret_cast<sockaddr *>(&address), &size) == 0;
    if (isTcp && (address.ss_family == AF_INET || address.ss_family == AF_INET6))
        return QHostAddress(reinterpret_cast<const sockaddr *>(&address));
    return core::fail(core::ErrorCode::InvalidArgument,
                      u"passed socket %1 is not a TCP socket that listens"_s.arg(socket));
}

} // namespace server
