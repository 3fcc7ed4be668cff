#include "server/http/router.h"

#include <optional>

namespace server {

using namespace Qt::StringLiterals;

namespace {

QStringList segmentsOf(const QString &path)
{
    return path.split(u'/');
}

bool isCapture(const QString &segment)
{
    return segment.startsWith(u'{') && segment.endsWith(u'}');
}

/// What the pattern's captures match in `path`; nullopt when the pattern does not match.
std::optional<QStringList> capturesOf(const QStringList &pattern, const QStringList &path)
{
    QStringList captures;
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        const QString &expected = pattern[i];
        if (i >= path.size())
            return std::nullopt;
        if (expected.endsWith("...}"_L1))
            return captures << path.sliced(i).join(u'/');
        if (isCapture(expected) && !path[i].isEmpty())
            captures << path[i];
        else if (expected != path[i])
            return std::nullopt;
    }
    if (pattern.size() != path.size())
        return std::nullopt;
    return captures;
}

/// A HEAD is answered as the GET would be, without the body (RFC 9110 §9.3.2).
bool answersMethod(const QByteArray &routeMethod, const QByteArray &method)
{
    return routeMethod == method || (method == "HEAD" && routeMethod == "GET");
}

} // namespace

struct Router::Route {
    QByteArray method;
    QByteArray name;
    QStringList pattern;
    RouteAccess access;
    Handler handler;
};

struct Router::SocketRoute {
    QByteArray name;
    QStringList pattern;
    SocketAccess access;
    SocketHandler handler;
};

void Router::add(const QByteArray &method,
                 const QString &pattern,
                 RouteAccess access,
                 Handler handler)
{
    m_routes.push_back(std::make_shared<Route>(
        Route{method, pattern.toUtf8(), segmentsOf(pattern), access, std::move(handler)}));
}

void Router::addSocket(const QString &pattern, SocketAccess access, SocketHandler handler)
{
    m_sockets.push_back(std::make_shared<SocketRoute>(
        SocketRoute{pattern.toUtf8(), segmentsOf(pattern), std::move(access), std::move(handler)}));
}

Router::Match Router::match(const QByteArray &method, const QString &path) const
{
    const QStringList segments = segmentsOf(path);
    QByteArrayList otherMethods;
    Match none;
    for (const auto &route : m_routes) {
        const auto captures = capturesOf(route->pattern, segments);
        if (!captures)
            continue;
        if (answersMethod(route->method, method))
            return {&route->access, &route->handler, *captures, route->name, {}};
        none.pattern = route->name;
        otherMethods << (route->method == "GET" ? "GET, HEAD" : route->method);
    }
    none.otherMethods = otherMethods.join(", ");
    return none;
}

Router::SocketMatch Router::matchSocket(const QString &path) const
{
    const QStringList segments = segmentsOf(path);
    for (const auto &route : m_sockets)
        if (const auto captures = capturesOf(route->pattern, segments))
            return {&route->access, &route->handler, *captures, route->name};
    return {};
}

} // namespace server
