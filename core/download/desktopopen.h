#pragma once
#include "core/base/clock.h"
#include "core/jobs/jobworker.h"

namespace core {

/// Fails with `Unsupported` when no desktop is there to show anything.
[[nodiscard]] Result<void> requireDesktop();

/// Shows a file or folder with the program the desktop has for it, through xdg-open, which is waited
/// for at most `patience`: one that goes on shows the file itself, and outlives us. Fails with
/// `Unsupported` without a desktop or xdg-open, or when no program is installed for it, and with
/// `Internal` when that failed. Stopping ends the waiting alone.
[[nodiscard]] Result<Outcome>
openOnDesktop(const QString &path, const std::stop_token &stop, Milliseconds patience);

} // namespace core
