#pragma once
#include "core/drives/driveopener.h"
#include "core/flash/flashwriter.h"
#include "core/flashintake.h"

namespace core {

/// Opens the drives of a flash when its job runs, each only when it is still the one that was agreed to
/// and may still be written, for the same image and in the same run of the kernel; never one that the
/// image lies on. Fails as DriveOpener::open(), with `Forbidden` for the image's own drive,
/// `InvalidState` for another image and `ConfirmationRequired` after a start of the computer.
/// Threads: called on the job's thread.
[[nodiscard]] OpenDrive openAgreed(const AgreedFlash &flash, DriveOpener opener);

} // namespace core
