#pragma once
#include "core/drives/drive.h"

namespace core {

/// How many writes of a MiB to have under way at once, so that the drive need not wait for the next one.
/// USB mass storage takes one command at a time: a second write waits in the kernel. What has a queue
/// of its own is given more, and never as many as would take memory that eight drives need.
[[nodiscard]] int writeDepth(const Drive &drive);

} // namespace core
