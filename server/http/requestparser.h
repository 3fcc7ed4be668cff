#pragma once
#include "server/http/requesthead.h"

#include <memory>

namespace server {

/// Reads one request at a time out of bytes that arrive in any pieces. The only unit that knows
/// Boost.Beast, which does the tokens, lines and chunks; what it is to be believed is vetHead's.
///
/// putHead() until isHeadDone() → beginBody() → putBody() until isDone() → reset()
/// Threads: none of its own; one object is used by one thread.
class RequestParser
{
public:
    /// After a body's chunk line or trailer of this many bytes without an end: 400. Bounds chunk
    /// extensions and trailers, which Beast would collect (and throw over 64 KiB of).
    static constexpr qsizetype OpenLineLimit = 4 * 1024;

    RequestParser();
    ~RequestParser();
    RequestParser(const RequestParser &) = delete;
    RequestParser &operator=(const RequestParser &) = delete;

    /// Ready for the next request.
    void reset();

    /// `window`: everything unread, from the first byte of the head on, at least as long as in the
    /// call before. Nothing may be removed before the head is done: a WebSocket hand-over needs it whole.
    void putHead(QByteArrayView window);
    /// The first line was taken; what stands before it may be skipped until then.
    [[nodiscard]] bool hasBegun() const { return m_taken > 0; }
    [[nodiscard]] bool isHeadDone() const { return m_headLength > 0; }
    /// Bytes of the head, 0 while it is not whole.
    [[nodiscard]] qsizetype headLength() const { return m_headLength; }
    [[nodiscard]] RequestHead &head() { return m_head; }

    /// Fails with 413 when the body is known to be larger than `bodyLimit` bytes.
    void beginBody(qint64 bodyLimit);
    /// Takes what it can of the bytes after the head and says how many; call again with the rest and more.
    [[nodiscard]] qsizetype putBody(QByteArrayView bytes);
    /// The request is whole, its body included.
    [[nodiscard]] bool isDone() const;
    /// The request with its body. Trailers are dropped: who asks is decided by the head alone.
    [[nodiscard]] Request takeRequest();

    /// The HTTP status to refuse with, 0 while all is well. Nothing may be put after an error.
    [[nodiscard]] int error() const { return m_error; }

private:
    struct Beast;
    [[nodiscard]] qsizetype put(QByteArrayView bytes);
    void finishHead(QByteArrayView window);

    std::unique_ptr<Beast> m_beast;
    RequestHead m_head;
    qsizetype m_taken = 0;
    qsizetype m_headLength = 0;
    int m_error = 0;
};

} // namespace server
