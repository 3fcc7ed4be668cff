#include "core/flashintake.h"

#include "core/drives/bootid.h"
#include "core/flash/flashspecjson.h"
#include "core/storedspecjson.h"
#include "core/targetrules.h"

#include <QFileInfo>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

bool isNamed(const Drive &drive, const QString &name)
{
    return name == drive.id || name == drive.path;
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
        .source = spec.image.isEmpty() ? withoutSecrets(spec.url) : spec.image,
    };
    for (const DriveErasure &erasure : ticket.erasures())
        job.details.drives.append({.id = erasure.drive.id});
    return job;
}

} // namespace

DriveTrace AgreedFlash::traceOf(const QString &drive) const
{
    const auto trace = std::ranges::find(traces, drive, &DriveTrace::id);
    return trace == traces.end() ? DriveTrace{.id = drive} : *trace;
}

Result<void>
FlashIntake::check(const Principal &who, const FlashSpec &spec, const TargetRules &rules)
{
    if (const auto checked = checkSpec(spec); !checked)
        return checked;
    for (const QString &path : {spec.image, spec.bmap})
        if (!path.isEmpty() && !who.has(Scope::Admin) && !rules.isInFolders(path))
            return fail(ErrorCode::Forbidden, u"%1 is outside the download folder"_s.arg(path));
    return {};
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
                                const QList<DriveTrace> &traces)
{
    JobSnapshot job = flashJob(who, spec, ticket);
    job.spec = agreedSpec(spec, ticket, traces);
    return job;
}

QByteArray FlashIntake::agreedSpec(const FlashSpec &spec,
                                   const FlashTicket &ticket,
                                   const QList<DriveTrace> &traces)
{
    AgreedFlash flash{
        .spec = withIds(spec, ticket), .image = ticket.image(), .boot = bootId(), .traces = traces};
    for (const DriveErasure &erasure : ticket.erasures())
        flash.drives.append(erasure.drive);
    return encodeSpec(flash);
}

} // namespace core
