#pragma once
#include "core/base/result.h"

namespace app {

/// Lets this process open as many files as so many connections and the rest of the hub need; what it
/// starts inherits that. Never less than before. Fails with `LimitExceeded` when the system allows
/// fewer: then it has as many as are allowed.
[[nodiscard]] core::Result<void> makeRoomForConnections(int connections);

} // namespace app
