#pragma once
#include "app/options.h"

namespace app {

/// Runs `drayd` until a signal ends it: the hub on this thread, without a window. Needs a
/// QCoreApplication; prints the page's address on standard output and errors on standard error.
[[nodiscard]] ExitCode runDaemon(const QStringList &arguments);

} // namespace app
