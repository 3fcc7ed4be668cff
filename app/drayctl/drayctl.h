#pragma once
#include "app/drayctl/command.h"

namespace app {

/// Runs drayctl with the arguments after its name; prints and returns the exit code of DESIGN.
[[nodiscard]] ExitCode runDrayctl(const QStringList &arguments, Terminal &terminal);

} // namespace app
