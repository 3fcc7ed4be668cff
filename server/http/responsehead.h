#pragma once
#include "server/http/message.h"

namespace server {

/// What an answer's head says besides the answer itself.
struct HeadFacts {
    int minorVersion = 1;
    bool isKeptAlive = true;
    /// Bytes of the body; without: chunked in HTTP/1.1, to the end of the connection in 1.0.
    std::optional<qint64> contentLength = 0;
    /// An Origin that was allowed; empty: no CORS header.
    QByteArray allowedOrigin;
    qint64 nowSeconds = 0; // since 1970
};

/// The head of an answer, its empty line included, with Date, Connection, the length, and the
/// security headers of PROTOCOL.md §0 the answer did not set itself. CR and LF in values are dropped.
[[nodiscard]] QByteArray responseHead(const Response &response, const HeadFacts &facts);

/// Whether an answer of that status has no body and no Content-Length (RFC 9110 §6.4.1).
[[nodiscard]] bool isBodiless(int status);

} // namespace server
