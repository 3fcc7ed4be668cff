// HTTP requests, one after the other on a connection, heads and bodies in pieces.
#include "server/http/requestparser.h"
#include "tests/fuzz/target.h"

#include <algorithm>

namespace {

constexpr qint64 BodyLimit = 64 * 1024;

/// What is left of `bytes` after one request; nothing when there was none.
QByteArrayView takeOne(server::RequestParser &parser, QByteArrayView bytes, qsizetype piece)
{
    for (qsizetype end = 0; !parser.isHeadDone() && parser.error() == 0;) {
        if (end == bytes.size() || end > server::HeadLimit)
            return {};
        end = std::min(end + piece, bytes.size());
        parser.putHead(bytes.first(end));
    }
    if (parser.error() != 0)
        return {};
    bytes = bytes.sliced(parser.headLength());
    parser.beginBody(BodyLimit);
    while (!parser.isDone() && parser.error() == 0) {
        const qsizetype taken = parser.putBody(bytes.first(std::min(piece, bytes.size())));
        if (taken == 0 && piece >= bytes.size())
            return {};
        piece = taken == 0 ? 2 * piece : piece;
        bytes = bytes.sliced(taken);
    }
    if (parser.error() != 0)
        return {};
    (void)parser.takeRequest();
    return bytes;
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    const qsizetype piece = 1 + bytes[0];
    QByteArrayView rest(reinterpret_cast<const char *>(bytes) + 1, qsizetype(size) - 1);
    server::RequestParser parser;
    while (!rest.isEmpty()) {
        rest = takeOne(parser, rest, piece);
        parser.reset();
    }
    return 0;
}
