#pragma once
#include <QList>

#include <sys/types.h>

namespace app {

/// The processes that `root` started, and those that these did, parents before their children. What a
/// process started that has ended is not among them, but see prctl(PR_SET_CHILD_SUBREAPER). Reads /proc.
[[nodiscard]] QList<pid_t> processesBelow(pid_t root);

/// Sends it to all of them; SIGKILL also to those that are started meanwhile.
void signalBelow(pid_t root, int number);

} // namespace app
