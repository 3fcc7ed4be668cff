#pragma once
#include "server/http/message.h"

namespace server {

/// What the validators and ranges of a request are compared with.
struct FileFacts {
    qint64 size = 0; // bytes
    qint64 modifiedAt = 0; // seconds since 1970
    /// Strong: changes whenever the bytes may have.
    QByteArray etag;
};

/// Which part of a file answers a request. `[begin, end)` in bytes, empty with 304, 412 and 416.
struct RangeAnswer {
    int status = 200;
    qint64 begin = 0;
    qint64 end = 0;
    friend bool operator==(const RangeAnswer &, const RangeAnswer &) = default;
};

/// Conditions (RFC 9110 §13.2.2, in its order), then Range and If-Range (§14). Several ranges and
/// malformed ones are answered with the whole file, as §14.2 allows.
[[nodiscard]] RangeAnswer answerRange(const Request &request, const FileFacts &file);

} // namespace server
