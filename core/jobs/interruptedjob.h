#pragma once
#include "core/jobs/jobtypes.h"

namespace core {

/// What becomes of a running job whose program ended: it waits to go on. A command fails, since what it
/// did may not be done twice; whoever wants that can retry it.
void interrupt(JobSnapshot &job);

} // namespace core
