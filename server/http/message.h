#pragma once
#include "core/base/principal.h"

#include <QByteArray>
#include <QHostAddress>
#include <QList>
#include <QString>
#include <QUrlQuery>

#include <memory>
#include <optional>

namespace core {
struct OpenFile;
}

namespace server {

struct Header {
    QByteArray name;
    QByteArray value;
    friend bool operator==(const Header &, const Header &) = default;
};

/// One request whose head was vetted (PROTOCOL.md §0 rules 1 to 3) and whose body is whole.
struct Request {
    QByteArray method;
    /// Percent-decoded, begins with '/', without the query.
    QString path;
    QUrlQuery query;
    QList<Header> headers;
    QByteArray body;
    QHostAddress peer;
    /// Who asks; empty on public routes and on sockets that have not said hello.
    std::optional<core::Principal> principal;
    /// The id of the token it came with, empty for --trust-local and none.
    QString tokenId;
    /// When that token expires, milliseconds since 1970; 0: never.
    qint64 tokenExpiresAt = 0;
    /// A socket for which there is no room: it is let in to be told so.
    bool isOneTooMany = false;
    /// What `{name}` in the route matched, in order.
    QStringList captures;

    /// The value of the first header of that name (any case), empty when there is none.
    [[nodiscard]] QByteArray header(QByteArrayView name) const;
    /// Whether it came with a token in a header, valid or not.
    [[nodiscard]] bool presentsToken() const;
};

/// An answer. Content-Length, Connection, Date and the security headers of PROTOCOL.md §0 are added
/// when it is written.
struct Response {
    int status = 200;
    QList<Header> headers;
    QByteArray body;
    /// Sent in place of `body`. With status 200 the connection answers conditional and Range requests on
    /// it itself (RFC 9110 §13 and §14), with any other it sends the whole.
    std::shared_ptr<const core::OpenFile> file;
    friend bool operator==(const Response &, const Response &) = default;
};

/// application/problem+json of RFC 9457; `type` is the camelCase name of the error code.
[[nodiscard]] Response
problem(int status, QByteArrayView type, const QString &title, const QString &detail = {});
/// `json` (already encoded) with its content type.
[[nodiscard]] Response jsonResponse(const QByteArray &json, int status = 200);

} // namespace server
