#pragma once
#include "core/base/growingfile.h"
#include "core/drives/driveopener.h"
#include "core/flash/flashwriter.h"
#include "core/flashintake.h"

namespace core {

/// Opens the drives of a flash when its job runs, each only when it is still the one that was agreed to
/// and may still be written; never one that the image lies on. Fails as DriveOpener::open(), and with
/// `Forbidden` for the image's own drive. Threads: called on the job's thread.
/// `download` makes the image, null: it is there.
[[nodiscard]] OpenDrive
openAgreed(const AgreedFlash &flash, DriveOpener opener, std::shared_ptr<GrowingFile> download);

} // namespace core
