#include "core/flashintake.h"

#include "core/base/shownurl.h"
#include "core/base/wrongvalue.h"
#include "core/drives/bootid.h"
#include "core/flash/flashspecjson.h"
#include "core/storedspecjson.h"
#include "core/targetrules.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

bool isNamed(const Drive &drive, const QString &name)
{
    return name == drive.id || name == drive.path;
}

Result<QString> imageOfPartition(const QString &partition, const TargetRules &rules)
{
    if (rules.imagesFolder.isEmpty())
        return fail(ErrorCode::InvalidArgument,
                    u"image: give one, or set flash.imagesFolder, where %1.img is looked for"_s.arg(
                        partition));
    if (partition.contains(u'/') || partition.contains(QChar::Null))
        return wrongValue("partition"_L1, partition, "a name that is one of a file too");
    return QDir(rules.imagesFolder).filePath(partition + u".img"_s);
}

/// Drives by their ids, however they were named.
FlashSpec withIds(FlashSpec spec, const FlashTicket &ticket)
{
    spec.drives.clear();
    for (const DriveErasure &erasure : ticket.erasures())
        spec.drives.append(erasure.drive.id);
    return spec;
}

JobSnapshot flashJob(const Principal &who, const FlashSpec &spec, const FlashTicket &ticket)
{
    const QString title =
        spec.image.isEmpty() ? spec.url.fileName() : QFileInfo(spec.image).fileName();
    JobSnapshot job{
        .kind = JobKind::Flash,
        .owner = who.owner,
        .details = {.title = title},
        .source = spec.image.isEmpty() ? shownUrl(spec.url) : spec.image,
        .speedLimit = spec.bytesPerSecond,
    };
    for (const DriveErasure &erasure : ticket.erasures())
        job.details.drives.append({.id = erasure.drive.id});
    return job;
}

/// Twins may have been seen by each other's ids.
DriveTrace named(DriveTrace trace, const QString &id)
{
    trace.id = id;
    return trace;
}

} // namespace

DriveTrace AgreedFlash::traceOf(const QString &drive) const
{
    const auto trace = std::ranges::find(traces, drive, &DriveTrace::id);
    return trace == traces.end() ? DriveTrace{.id = drive} : *trace;
}

Result<FlashSpec>
FlashIntake::complete(const Principal &who, FlashSpec spec, const TargetRules &rules)
{
    if (const auto checked = checkSpec(spec); !checked)
        return fail(checked.error());
    if (spec.image.isEmpty() && spec.url.isEmpty()) {
        auto image = imageOfPartition(spec.partition, rules);
        if (!image)
            return fail(image.error());
        spec.image = std::move(*image);
    }
    for (QString *path : {&spec.image, &spec.bmap}) {
        if (path->isEmpty())
            continue;
        // ".." behind a link would lead elsewhere than the text says.
        *path = QDir::cleanPath(*path);
        if (!who.has(Scope::Admin) && !rules.holdsImage(*path))
            return fail(
                ErrorCode::Forbidden,
                u"%1 is outside the download folder and that of images (flash.imagesFolder)"_s.arg(
                    *path));
    }
    return spec;
}

QStringList FlashIntake::foldersFor(const Principal &who, const TargetRules &rules)
{
    return who.has(Scope::Admin) ? QStringList() : rules.imageFolders();
}

Result<QList<Drive>> FlashIntake::drivesOf(const FlashSpec &spec) const
{
    const QList<JudgedDrive> &all = m_drives.drives();
    QList<Drive> found;
    for (const QString &name : spec.drives) {
        const auto drive = std::ranges::find_if(
            all, [&name](const JudgedDrive &candidate) { return isNamed(candidate.drive, name); });
        if (drive == all.end())
            return fail(ErrorCode::NotFound, u"drives: there is no drive \"%1\""_s.arg(name));
        found.append(drive->drive);
    }
    return found;
}

Result<FlashTicket> FlashIntake::ticketFor(const FlashSpec &spec,
                                           const ImageSurvey &survey,
                                           const QString &id,
                                           Milliseconds expiresAt) const
{
    const auto drives = drivesOf(spec);
    if (!drives)
        return fail(drives.error());
    return FlashTicket::prepare({.id = id,
                                 .image = survey.image,
                                 .drives = *drives,
                                 .imageDrives = survey.drives,
                                 .expiresAt = expiresAt,
                                 .partition = spec.partition},
                                m_drives.policy());
}

JobSnapshot
FlashIntake::questionFor(const Principal &who, const FlashSpec &spec, const FlashTicket &ticket)
{
    JobSnapshot job = flashJob(who, spec, ticket);
    job.progress.stage = Stage::AwaitingConfirmation;
    job.spec = encodeSpec(AgreedFlash{.spec = withIds(spec, ticket)});
    return job;
}

JobSnapshot FlashIntake::jobFor(const Principal &who,
                                const FlashSpec &spec,
                                const FlashTicket &ticket,
                                const QList<SeenDrive> &seen,
                                const QByteArray &download)
{
    JobSnapshot job = flashJob(who, spec, ticket);
    job.spec = agreedSpec(spec, ticket, seen, download);
    return job;
}

QByteArray FlashIntake::agreedSpec(const FlashSpec &spec,
                                   const FlashTicket &ticket,
                                   const QList<SeenDrive> &seen,
                                   const QByteArray &download)
{
    AgreedFlash flash{.spec = withIds(spec, ticket), .image = ticket.image(), .boot = bootId()};
    flash.download = download;
    for (const DriveErasure &erasure : ticket.erasures()) {
        flash.drives.append(erasure.drive);
        for (const SeenDrive &one : seen)
            if (one.drive.isSameMedium(erasure.drive))
                flash.traces.append(named(one.trace, erasure.drive.id));
    }
    return encodeSpec(flash);
}

} // namespace core
