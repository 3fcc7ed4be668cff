#include "core/agreeddrives.h"

#include "core/base/shownurl.h"
#include "core/drives/bootid.h"
#include "core/drives/driverelease.h"
#include "core/drives/writedepth.h"
#include "core/flash/blankends.h"
#include "core/flash/linuxblockdevice.h"
#include "core/flash/namedpartition.h"

#include <QFileInfo>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

using Opened = Result<std::unique_ptr<BlockDevice>>;

tl::unexpected<Error> mustBeAgreedAnew(const QString &drive, const char *why)
{
    return fail(ErrorCode::ConfirmationRequired,
                u"%1 %2; agree anew to what is erased: drayctl flash … --erase"_s.arg(
                    drive, QLatin1StringView(why)));
}

/// Whether the image is the one that was agreed to.
Result<void>
checkSameImage(const AgreedFlash &flash, const DriveIdentity &drive, const GrowingFile *download)
{
    const auto image = imageIdentity(flash.spec);
    if (!image)
        return fail(image.error());
    if (*image != flash.image)
        return fail(
            ErrorCode::InvalidState,
            u"the image %1 changed after it was agreed to"_s.arg(shownText(flash.image.source)));
    // What is downloaded gets its name at the end, in the folder it is in already.
    const QString file = download ? QFileInfo(download->path()).path() : flash.spec.image;
    if (mayBeAmong(SysfsDrives().drivesHolding(file), drive))
        return fail(ErrorCode::Forbidden, u"%1 holds the image %2 itself"_s.arg(drive.id, file));
    return {};
}

/// Whether the medium can be told from every other, and is the one that was agreed to.
Result<void> checkSameMedium(const AgreedFlash &flash, const DriveIdentity &agreed)
{
    if (flash.boot.isEmpty() || agreed.diskseq == 0)
        return mustBeAgreedAnew(agreed.id, "cannot be told from another medium in it");
    const QList<Drive> drives = SysfsDrives().read();
    const auto isIt = [&agreed](const Drive &drive) {
        return drive.identity().isSameMedium(agreed);
    };
    const bool isThere = std::ranges::any_of(drives, isIt);
    if (!isThere && std::ranges::find(drives, agreed.id, &Drive::id) != drives.end())
        return mustBeAgreedAnew(agreed.id, "was unplugged, or its medium changed");
    return {};
}

OpenDrive onlyIfBlank(OpenDrive open)
{
    return [open = std::move(open)](const QString &id, const std::stop_token &stop) -> Opened {
        auto device = open(id, stop);
        if (!device)
            return device;
        const auto isBlank = hasBlankEnds(**device);
        if (!isBlank)
            return fail(isBlank.error());
        if (!*isBlank)
            return mustBeAgreedAnew((*device)->name(), "is not blank as the flash left it");
        return device;
    };
}

OpenDrive
openWholeDrive(const AgreedFlash &flash, DriveOpener opener, std::shared_ptr<GrowingFile> download)
{
    return [flash, opener = std::move(opener), download = std::move(download)](
               const QString &id, const std::stop_token &stop) -> Opened {
        const auto agreed = std::ranges::find(flash.drives, id, &DriveIdentity::id);
        if (agreed == flash.drives.end())
            return fail(ErrorCode::Forbidden, u"nobody agreed to erase %1"_s.arg(id));
        if (flash.boot != bootId())
            return mustBeAgreedAnew(id, "was agreed to before the computer was started anew");
        if (const auto same = checkSameImage(flash, *agreed, download.get()); !same)
            return fail(same.error());
        if (const auto same = checkSameMedium(flash, *agreed); flash.isAgain && !same)
            return fail(same.error());
        auto opened = opener.open(*agreed, stop);
        if (!opened)
            return fail(opened.error());
        return LinuxBlockDevice::fromDescriptor(std::move(opened->fd), opened->drive.path,
                                                writeDepth(opened->drive))
            .map([](auto device) -> std::unique_ptr<BlockDevice> { return device; });
    };
}

} // namespace

OpenDrive
openAgreed(const AgreedFlash &flash, DriveOpener opener, std::shared_ptr<GrowingFile> download)
{
    OpenDrive open = openWholeDrive(flash, std::move(opener), std::move(download));
    if (!flash.spec.partition.isEmpty())
        open = openPartition(std::move(open), flash.spec.partition);
    return flash.isAgain ? onlyIfBlank(std::move(open)) : open;
}

Result<void> releaseAgreed(const AgreedFlash &flash, const QString &id, const std::stop_token &stop)
{
    const SysfsDrives reader;
    const auto agreed = std::ranges::find(flash.drives, id, &DriveIdentity::id);
    for (const Drive &drive : reader.read())
        if (agreed != flash.drives.end() && drive.identity().isSameMedium(*agreed))
            return DriveRelease(reader, DrivePolicy(), QDBusConnection::systemBus())
                .rereadPartitions(drive.path, stop);
    return fail(ErrorCode::DeviceGone, u"%1 is not plugged in"_s.arg(id));
}

} // namespace core
