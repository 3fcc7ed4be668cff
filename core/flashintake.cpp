#include "core/flashintake.h"

#include "core/drives/flashticket.h"
#include "core/flash/flashspecjson.h"
#include "core/storedspecjson.h"
#include "core/targetrules.h"

#include <QFileInfo>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

/// Question and answer come in one request.
constexpr Milliseconds Asked{0};
constexpr Milliseconds Expiry{1};

bool isNamed(const Drive &drive, const QString &name)
{
    return name == drive.id || name == drive.path;
}

} // namespace

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

Result<JobSnapshot>
FlashIntake::jobFor(const Principal &who, FlashSpec spec, const TargetRules &rules) const
{
    if (const auto checked = checkSpec(spec); !checked)
        return fail(checked.error());
    for (const QString &path : {spec.image, spec.bmap})
        if (!path.isEmpty() && !who.has(Scope::Admin) && !rules.isInFolders(path))
            return fail(ErrorCode::Forbidden, u"%1 is outside the download folder"_s.arg(path));
    const auto drives = drivesOf(spec);
    if (!drives)
        return fail(drives.error());
    const auto ticket =
        FlashTicket::prepare({.drives = *drives, .expiresAt = Expiry}, m_drives.policy());
    if (!ticket)
        return fail(ticket.error());
    if (const auto agreed = ticket->confirm(spec.erase, Asked); !agreed)
        return fail(agreed.error());
    JobSnapshot job{.kind = JobKind::Flash,
                    .owner = who.owner,
                    .details = {.title = QFileInfo(spec.image).fileName()},
                    .source = spec.image};
    AgreedFlash flash{std::move(spec), {}};
    flash.spec.drives.clear();
    for (const DriveErasure &erasure : ticket->erasures()) {
        flash.spec.drives.append(erasure.drive.id);
        flash.drives.append(erasure.drive);
        job.details.drives.append({.id = erasure.drive.id});
    }
    job.spec = encodeSpec(flash);
    return job;
}

} // namespace core
