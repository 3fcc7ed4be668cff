#include "core/agreeddrives.h"

#include "core/flash/linuxblockdevice.h"

#include <QFileInfo>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

OpenDrive
openAgreed(const AgreedFlash &flash, DriveOpener opener, std::shared_ptr<GrowingFile> download)
{
    return [flash, opener = std::move(opener), download = std::move(download)](
               const QString &id,
               const std::stop_token &stop) -> Result<std::unique_ptr<BlockDevice>> {
        const auto agreed = std::ranges::find(flash.drives, id, &DriveIdentity::id);
        if (agreed == flash.drives.end())
            return fail(ErrorCode::Forbidden, u"nobody agreed to erase %1"_s.arg(id));
        // What is downloaded gets its name at the end, in the folder it is in already.
        const QString image = download ? QFileInfo(download->path()).path() : flash.spec.image;
        if (SysfsDrives().drivesHolding(image).contains(id))
            return fail(ErrorCode::Forbidden, u"%1 holds the image %2 itself"_s.arg(id, image));
        auto opened = opener.open(*agreed, stop);
        if (!opened)
            return fail(opened.error());
        return LinuxBlockDevice::fromDescriptor(std::move(opened->fd), opened->drive.path)
            .map([](auto device) -> std::unique_ptr<BlockDevice> { return device; });
    };
}

} // namespace core
