#pragma once
#include "server/http/message.h"

#include <tl/expected.hpp>

namespace server {

/// A request head as a parser read it, before anyone believes it.
struct RawHead {
    QByteArray method;
    QByteArray target;
    int minorVersion = 1;
    QList<Header> headers;
    /// The bytes of the head, its final empty line included.
    QByteArrayView bytes;
};

/// A head that was vetted: what the connection needs to know besides the request itself.
struct RequestHead {
    /// How the body is delimited (RFC 9112 §6).
    enum class Framing { None, Length, Chunked };

    Request request;
    int minorVersion = 1;
    Framing framing = Framing::None;
    /// Bytes of the body, with Framing::Length.
    qint64 contentLength = 0;
    bool isKeptAlive = true;
    bool expectsContinue = false;
    /// Asks for a WebSocket; other upgrades are not answered (RFC 9110 §7.8 allows that).
    bool isUpgrade = false;
};

inline constexpr qsizetype HeadLimit = 16 * 1024; // bytes
inline constexpr qsizetype HeaderLineLimit = 64;

/// Whether `value`, a comma-separated list, names `token` (any case).
[[nodiscard]] bool listsToken(QByteArrayView value, QByteArrayView token);

/// Believes a head or names the status it is refused with. Stricter than Boost.Beast, which lets
/// pass what smugglers need: other transfer codings than a single `chunked`, no Host or two, equal
/// Content-Lengths, folded lines, absolute and 8-bit targets, any method.
/// Rules: RFC 9112 §2 to §6, PROTOCOL.md §0.5.
[[nodiscard]] tl::expected<RequestHead, int> vetHead(const RawHead &raw);

} // namespace server
