#include "core/agreeddrives.h"

#include "core/drives/bootid.h"
#include "core/flash/linuxblockdevice.h"

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

OpenDrive openAgreed(const AgreedFlash &flash, DriveOpener opener)
{
    return [flash, opener = std::move(opener)](
               const QString &id,
               const std::stop_token &stop) -> Result<std::unique_ptr<BlockDevice>> {
        const auto agreed = std::ranges::find(flash.drives, id, &DriveIdentity::id);
        if (agreed == flash.drives.end())
            return fail(ErrorCode::Forbidden, u"nobody agreed to erase %1"_s.arg(id));
        if (flash.boot != bootId())
            return fail(ErrorCode::ConfirmationRequired,
                        u"that was agreed to before the computer was started anew"_s);
        const auto image = imageIdentity(flash.spec);
        if (!image)
            return fail(image.error());
        if (*image != flash.image)
            return fail(ErrorCode::InvalidState,
                        u"the image %1 changed after it was agreed to"_s.arg(flash.image.source));
        if (SysfsDrives().drivesHolding(flash.spec.image).contains(id))
            return fail(ErrorCode::Forbidden,
                        u"%1 holds the image %2 itself"_s.arg(id, flash.spec.image));
        auto opened = opener.open(*agreed, stop);
        if (!opened)
            return fail(opened.error());
        return LinuxBlockDevice::fromDescriptor(std::move(opened->fd), opened->drive.path)
            .map([](auto device) -> std::unique_ptr<BlockDevice> { return device; });
    };
}

} // namespace core
