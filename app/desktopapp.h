#pragma once
#include "app/options.h"

namespace app {

/// Runs `dray` until the user quits: the window on this thread, the hub on one of its own. Needs a
/// QApplication. A second start hands its arguments to the first and returns at once.
[[nodiscard]] ExitCode runDesktop(const QStringList &arguments);

} // namespace app
