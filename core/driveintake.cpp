#include "core/driveintake.h"

#include "core/confinement.h"
#include "core/drives/flashticket.h"
#include "core/driveworkjson.h"
#include "core/flash/drivespecsjson.h"
#include "core/targetrules.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// Question and answer come in one request.
constexpr Milliseconds Asked{0};
constexpr Milliseconds Expiry{1};

Result<void> checkPath(const Principal &who, const QString &path, const TargetRules &rules)
{
    if (who.has(Scope::Admin) || rules.isInFolders(path))
        return {};
    return fail(ErrorCode::Forbidden, u"%1 is outside the download folder"_s.arg(path));
}

/// The path that is opened is the one that was checked: ".." behind a link would lead elsewhere. What is no
/// file's path stays so.
QString cleaned(const QString &path)
{
    return path.endsWith(u'/') ? path : QDir::cleanPath(path);
}

template<typename Spec>
JobSnapshot jobOn(const Drive &drive, JobKind kind, const Principal &who, Spec spec)
{
    spec.drive = drive.id;
    JobSnapshot job{.kind = kind, .owner = who.owner};
    job.details.drives.append({.id = drive.id});
    job.spec = encodeSpec(OnDrive<Spec>{std::move(spec), drive.identity()});
    return job;
}

} // namespace

Result<Drive> DriveIntake::find(const QString &name) const
{
    for (const JudgedDrive &judged : m_drives.drives())
        if (judged.drive.id == name || judged.drive.path == name)
            return judged.drive;
    return fail(ErrorCode::NotFound, u"drive: there is no drive \"%1\""_s.arg(name));
}

Result<Drive> DriveIntake::readable(const QString &name) const
{
    auto drive = find(name);
    if (!drive)
        return drive;
    const DriveVerdict verdict = m_drives.policy().judgeReading(*drive);
    return verdict.isAllowed() ? drive : fail(ErrorCode::Forbidden, verdict.reason);
}

Result<JobSnapshot>
DriveIntake::jobFor(const Principal &who, ReadSpec spec, const TargetRules &rules) const
{
    spec.to = cleaned(spec.to);
    const auto checked = checkSpec(spec).and_then([&] { return checkPath(who, spec.to, rules); });
    if (!checked)
        return fail(checked.error());
    const auto drive = readable(spec.drive);
    if (!drive)
        return fail(drive.error());
    const QString title = QFileInfo(spec.to).fileName();
    JobSnapshot job = jobOn(*drive, JobKind::Read, who, std::move(spec));
    job.source = drive->path;
    job.details.title = title;
    return job;
}

Result<JobSnapshot>
DriveIntake::jobFor(const Principal &who, CompareSpec spec, const TargetRules &rules) const
{
    spec.image = cleaned(spec.image);
    const auto checked =
        checkSpec(spec).and_then([&] { return checkReadable(who, spec.image, rules); });
    if (!checked)
        return fail(checked.error());
    const auto drive = readable(spec.drive);
    if (!drive)
        return fail(drive.error());
    const QString image = spec.image;
    JobSnapshot job = jobOn(*drive, JobKind::Compare, who, std::move(spec));
    job.source = image;
    job.spec = confinedSpec(who, job.spec, rules);
    job.details.title = QFileInfo(image).fileName();
    return job;
}

Result<JobSnapshot>
DriveIntake::jobFor(const Principal &who, FormatSpec spec, const TargetRules &) const
{
    if (const auto checked = checkSpec(spec); !checked)
        return fail(checked.error());
    const auto drive = find(spec.drive);
    if (!drive)
        return fail(drive.error());
    const auto ticket =
        FlashTicket::prepare({.drives = {*drive}, .expiresAt = Expiry}, m_drives.policy());
    if (!ticket)
        return fail(ticket.error());
    if (const auto agreed = ticket->confirm(spec.erase, Asked); !agreed)
        return fail(agreed.error());
    const QString label = spec.fileSystem.label;
    JobSnapshot job = jobOn(*drive, JobKind::Format, who, std::move(spec));
    job.source = drive->path;
    job.details.title = label.isEmpty() ? drive->path : label;
    return job;
}

} // namespace core
