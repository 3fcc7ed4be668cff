#pragma once
#include "server/http/exchange.h"

#include <functional>
#include <memory>
#include <vector>

namespace server {

/// What a route asks of the caller before its handler runs.
struct RouteAccess {
    /// Nobody is asked for a token.
    bool isPublic = false;
    /// `?token=` is taken too (the compatibility routes of PROTOCOL.md §3).
    bool takesQueryToken = false;
    /// The cookie `sid` is a token too, where there is no Origin (PROTOCOL.md §3.5).
    bool takesSidCookie = false;
    /// Who presents no valid token is let in too: the handler asks for one by message.
    bool asksByMessage = false;
    /// Largest body in bytes; a larger one gets 413.
    qint64 bodyLimit = 64 * 1024;
};

/// Which handler answers a method and path. `{name}` in a pattern matches one path segment, `{name...}`
/// at the end the rest of the path.
class Router
{
public:
    using Handler = std::function<void(Exchange &)>;
    using SocketHandler = std::function<void(std::unique_ptr<WebSocketSession>)>;

    struct SocketAccess {
        /// Accepted without a token; the handler asks for one by message (native, Socket.IO).
        bool asksByMessage = false;
        /// An unpaired extension's Origin is let through, to pair (PROTOCOL.md §0.2).
        bool allowsUnpairedExtension = false;
        bool takesQueryToken = false;
        bool takesSidCookie = false;
        /// Subprotocols we speak here; empty: none is answered.
        QStringList subprotocols;
        /// A client that offers only others is let in, and none is answered.
        bool takesOtherSubprotocols = false;
        /// Text sent to a socket without a valid token before it is closed with 1008; empty: none.
        std::function<QByteArray()> refusal{};
        /// Text sent to a socket that is one too many before it is closed with 4504; empty: none.
        std::function<QByteArray()> farewell{};
        /// A reason of the handler's own not to let a request in, asked last; unset: none.
        std::function<std::optional<Response>(const Request &)> check{};
    };

    void add(const QByteArray &method, const QString &pattern, RouteAccess access, Handler handler);
    void addSocket(const QString &pattern, SocketAccess access, SocketHandler handler);

    struct Match {
        const RouteAccess *access = nullptr;
        const Handler *handler = nullptr;
        QStringList captures;
        QByteArray pattern; // as it was added; of a path that is there without this method too
        /// The path exists, but not with this method: the Allow header's value.
        QByteArray otherMethods;
    };
    struct SocketMatch {
        const SocketAccess *access = nullptr;
        const SocketHandler *handler = nullptr;
        QStringList captures;
        QByteArray pattern;
    };
    [[nodiscard]] Match match(const QByteArray &method, const QString &path) const;
    [[nodiscard]] SocketMatch matchSocket(const QString &path) const;

private:
    struct Route;
    struct SocketRoute;
    std::vector<std::shared_ptr<Route>> m_routes;
    std::vector<std::shared_ptr<SocketRoute>> m_sockets;
};

} // namespace server
