#pragma once
#include "core/base/result.h"

#include <QList>

namespace app {

/// The descriptors of sockets that whoever started us opened and passed on (socket activation,
/// sd_listen_fds(3)); empty when $LISTEN_PID is another process or nothing was passed. They are closed
/// in child processes from here on, and the variables are taken out of the environment: call it once,
/// before any thread starts. Fails with `InvalidArgument` when $LISTEN_FDS promises what is not there.
[[nodiscard]] core::Result<QList<int>> takePassedSockets();

} // namespace app
