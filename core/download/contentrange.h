#pragma once
#include "core/base/byteranges.h"

#include <QByteArray>

#include <optional>

namespace core {

/// The value of a Content-Range header (RFC 9110 §14.4).
struct ContentRange {
    /// The bytes in the body; nullopt for "bytes */total" (status 416).
    std::optional<ByteRange> range;
    /// Size of the whole file, -1 for "*".
    qint64 total = -1;
    friend bool operator==(const ContentRange &, const ContentRange &) = default;
};

/// nullopt for anything the RFC's grammar does not allow, an empty range, and a range that does not
/// end within the total.
[[nodiscard]] std::optional<ContentRange> parseContentRange(const QByteArray &value);

} // namespace core
