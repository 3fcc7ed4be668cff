#pragma once
#include "core/base/result.h"

namespace core {

/// What yt-dlp's complaint means: its last "ERROR:" line, or the last line when there is none.
/// AuthenticationRequired, NotFound, HttpStatus, HostNotFound, ConnectionRefused, Timeout, NoSpace,
/// InvalidUrl, Unsupported, else Network.
[[nodiscard]] Error mediaError(const QByteArray &errorOutput);

} // namespace core
