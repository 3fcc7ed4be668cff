#pragma once
#include "core/base/growingfile.h"
#include "core/drives/driveopener.h"
#include "core/flash/flashwriter.h"
#include "core/flashintake.h"

namespace core {

/// FlashTraces::keep() of the flash. Threads: called on the job's thread.
using KeepTrace = std::function<void(const DriveTrace &)>;

/// Opens the drives of a flash when its job runs, or the partition of each that it names; each only when it
/// is still the one that was agreed to and may still be written, for the same image and in the same run
/// of the kernel; never one that the image lies on. Fails as DriveOpener::open(), with `Forbidden` for
/// the image's own drive, `InvalidState` for another image and `ConfirmationRequired` after a start of
/// the computer. A drive of a flash that runs again must also be plugged in ever since, else
/// that fails with `ConfirmationRequired`, as it does
///
///   for a drive that was touched      when its ends are not blank; when the kernel has written to it since
///                                     the flash left it, where that was counted and no partition is named
///   for one that was not touched      when something else is on it than was agreed to, or the kernel has
///                                     written to it since; where that was not counted, as for one that was
///
/// What ending the use of an untouched one writes is none of that, and told to `keep`.
/// `download` makes the image, null: it is there.
/// Threads: called on the job's thread.
[[nodiscard]] OpenDrive openAgreed(const AgreedFlash &agreed,
                                   DriveOpener opener,
                                   std::shared_ptr<GrowingFile> download = {},
                                   KeepTrace keep = {});

/// How a flash that touched its drive of that id, which must be flushed, leaves it; nullopt: it is not there.
/// Threads: any.
[[nodiscard]] std::optional<DriveTrace> traceLeft(const AgreedFlash &flash, const QString &id);

/// Makes the partitions known that a flash left on its drive of that id, which must be closed. Fails as
/// DriveRelease::rereadPartitions(), and with `DeviceGone`. Threads: any.
[[nodiscard]] Result<void>
releaseAgreed(const AgreedFlash &flash, const QString &id, const std::stop_token &stop);

} // namespace core
