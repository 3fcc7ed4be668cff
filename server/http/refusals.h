#pragma once
#include "server/http/message.h"

namespace server {

/// The answer to a request that cannot be read: 400, 408, 413, 417, 431, 501 or 505.
[[nodiscard]] Response plainRefusal(int status);
/// 503, with the time after which it may be tried again.
[[nodiscard]] Response serverIsFull();

} // namespace server
