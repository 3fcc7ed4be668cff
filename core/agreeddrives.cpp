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
#include <condition_variable>
#include <mutex>

namespace core {

using namespace Qt::StringLiterals;

namespace {

using Opened = Result<std::unique_ptr<BlockDevice>>;

/// udev looks at a drive anew when whoever wrote to it lets go, and knows little of it meanwhile.
constexpr std::chrono::milliseconds Settling{3000};

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

/// What is asked before the drive is looked at: the identity that it must have.
Result<DriveIdentity>
checkAgreed(const AgreedFlash &flash, const QString &id, const GrowingFile *download)
{
    const auto agreed = std::ranges::find(flash.drives, id, &DriveIdentity::id);
    if (agreed == flash.drives.end())
        return fail(ErrorCode::Forbidden, u"nobody agreed to erase %1"_s.arg(id));
    if (flash.boot != bootId())
        return mustBeAgreedAnew(id, "was agreed to before the computer was started anew");
    if (const auto same = checkSameImage(flash, *agreed, download); !same)
        return fail(same.error());
    if (const auto same = checkSameMedium(flash, *agreed); flash.isAgain && !same)
        return fail(same.error());
    return *agreed;
}

/// A drive as it is found before it is opened.
struct Found {
    DriveTrace trace;
    bool isUsed = false; ///< mounted or unlocked: to end that writes to it
};

enum class Sync { No, Yes };

Found findDrive(const DriveIdentity &agreed, Sync sync)
{
    for (const Drive &drive : SysfsDrives().read()) {
        if (!drive.identity().isSameMedium(agreed))
            continue;
        Found found{sync == Sync::Yes ? syncedTraceOf(drive) : traceOf(drive),
                    !drive.mounts().isEmpty() || !drive.holders().isEmpty()};
        found.trace.id = agreed.id;
        return found;
    }
    return {}; // opening it says so
}

/// With what was written to its mounts, and is still in a cache, counted.
Found findSettled(const DriveIdentity &agreed, const DriveTrace &left, const std::stop_token &stop)
{
    constexpr std::chrono::milliseconds Step{50};
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any stopped;
    Found found = findDrive(agreed, Sync::Yes);
    for (auto waited = Step * 0; waited < Settling && !stop.stop_requested(); waited += Step) {
        const bool mayChange = !left.isTouched && found.trace.contents != left.contents
            && found.trace.writtenSectors == left.writtenSectors;
        if (!mayChange)
            break;
        stopped.wait_for(lock, stop, Step, [] { return false; });
        found = findDrive(agreed, Sync::Yes);
    }
    return found;
}

/// Whether nobody used the drive since. Where nothing was counted its ends are looked at alone.
Result<void> checkUnused(const DriveTrace &left, const DriveTrace &found)
{
    if (!left.writtenSectors || found.id.isEmpty())
        return {};
    if (found.writtenSectors != left.writtenSectors)
        return mustBeAgreedAnew(left.id,
                                left.isTouched
                                    ? "may have been written to since the flash left it"
                                    : "may have been written to since that was agreed to");
    if (!left.isTouched && found.contents != left.contents)
        return mustBeAgreedAnew(left.id, "holds something else than was agreed to");
    return {};
}

Opened
openProven(const DriveIdentity &agreed, const DriveOpener &opener, const std::stop_token &stop)
{
    auto opened = opener.open(agreed, stop);
    if (!opened)
        return fail(opened.error());
    return LinuxBlockDevice::fromDescriptor(std::move(opened->fd), opened->drive.path,
                                            writeDepth(opened->drive))
        .map([](auto device) -> std::unique_ptr<BlockDevice> { return device; });
}

/// Of the open drive, which nobody else writes.
DriveTrace traceOfOpen(BlockDevice &device, DriveTrace left)
{
    left.writtenSectors = device.flush() ? writtenSectors(device.name()) : std::nullopt;
    return left;
}

OpenDrive openWholeDrive(const AgreedFlash &flash,
                         DriveOpener opener,
                         std::shared_ptr<GrowingFile> download,
                         KeepTrace keep)
{
    return [=, opener = std::move(opener),
            keep = std::move(keep)](const QString &id, const std::stop_token &stop) -> Opened {
        const auto agreed = checkAgreed(flash, id, download.get());
        if (!agreed)
            return fail(agreed.error());
        const DriveTrace left = flash.traceOf(id);
        const Found found =
            flash.isAgain ? findSettled(*agreed, left, stop) : findDrive(*agreed, Sync::No);
        if (const auto unused = checkUnused(left, found.trace); flash.isAgain && !unused)
            return fail(unused.error());
        auto device = openProven(*agreed, opener, stop);
        if (!device)
            return device;
        const DriveTrace open = traceOfOpen(**device, left);
        const bool wasUnmounted = found.isUsed && !left.isTouched; // that is what was written
        if (const auto unused = checkUnused(left, open); flash.isAgain && !wasUnmounted && !unused)
            return fail(unused.error());
        const bool wasUnused = found.trace.writtenSectors == left.writtenSectors;
        if (keep && !left.isTouched && wasUnused && open != left)
            keep(open);
        return device;
    };
}

OpenDrive onlyIfBlank(const AgreedFlash &flash, OpenDrive open)
{
    return
        [flash, open = std::move(open)](const QString &id, const std::stop_token &stop) -> Opened {
            auto device = open(id, stop);
            const DriveTrace left = flash.traceOf(id);
            if (!device || (!left.isTouched && left.writtenSectors))
                return device;
            const auto isBlank = hasBlankEnds(**device);
            if (!isBlank)
                return fail(isBlank.error());
            if (!*isBlank)
                return mustBeAgreedAnew((*device)->name(), "is not blank as the flash left it");
            return device;
        };
}

/// What a touched drive is told by when only a partition of it was written: that must be blank. Whoever
/// mounts another one, as desktops do by themselves, is counted with it.
AgreedFlash withoutCountsOfOthers(AgreedFlash flash)
{
    for (DriveTrace &trace : flash.traces)
        if (trace.isTouched && !flash.spec.partition.isEmpty())
            trace.writtenSectors.reset();
    return flash;
}

} // namespace

OpenDrive openAgreed(const AgreedFlash &agreed,
                     DriveOpener opener,
                     std::shared_ptr<GrowingFile> download,
                     KeepTrace keep)
{
    const AgreedFlash flash = withoutCountsOfOthers(agreed);
    OpenDrive open = openWholeDrive(flash, std::move(opener), std::move(download), std::move(keep));
    if (!flash.spec.partition.isEmpty())
        open = openPartition(std::move(open), flash.spec.partition);
    return flash.isAgain ? onlyIfBlank(flash, std::move(open)) : open;
}

std::optional<DriveTrace> traceLeft(const AgreedFlash &flash, const QString &id)
{
    const auto agreed = std::ranges::find(flash.drives, id, &DriveIdentity::id);
    for (const Drive &drive : SysfsDrives().read()) {
        if (agreed == flash.drives.end() || !drive.identity().isSameMedium(*agreed))
            continue;
        DriveTrace trace = traceOf(drive);
        trace.id = id;
        return trace;
    }
    return std::nullopt;
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
