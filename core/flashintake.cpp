#include "core/flashintake.h"

#include "core/flash/flashspecjson.h"
#include "core/storedspecjson.h"
#include "core/targetrules.h"

#include <QFileInfo>
#include <QLocale>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

bool isNamed(const Drive &drive, const QString &name)
{
    return name == drive.id || name == drive.path;
}

/// The drives that `name` gives up: the one with that id, else those with that serial. A path is a slot,
/// and whatever is in it.
QList<Drive> givenUpBy(const QString &name, const QList<Drive> &drives)
{
    for (const Drive &drive : drives)
        if (drive.id == name)
            return {drive};
    QList<Drive> found;
    for (const Drive &drive : drives)
        if (!name.isEmpty() && drive.serial == name)
            found.append(drive);
    return found;
}

QString contentText(const DriveContent &content)
{
    QStringList words;
    if (!content.label.isEmpty())
        words.append(u"\"%1\""_s.arg(content.label));
    if (!content.fileSystem.isEmpty())
        words.append(content.fileSystem);
    for (const DriveMount &mount : content.mounts)
        words.append(u"mounted at %1"_s.arg(mount.point));
    return words.isEmpty() ? QString() : u"%1: %2"_s.arg(content.path, words.join(u' '));
}

Result<void> checkErase(const QList<Drive> &drives, const QStringList &erase)
{
    QList<Drive> givenUp;
    for (const QString &name : erase) {
        const QList<Drive> found = givenUpBy(name, drives);
        if (found.isEmpty())
            return fail(
                ErrorCode::InvalidArgument,
                u"erase: \"%1\" is no id or serial of the drives that are to be written"_s.arg(
                    name));
        if (found.size() > 1)
            return fail(
                ErrorCode::InvalidArgument,
                u"erase: %1 drives have the serial \"%2\"; name them by id"_s.arg(found.size())
                    .arg(name));
        givenUp += found;
    }
    QStringList missing;
    for (const Drive &drive : drives)
        if (!givenUp.contains(drive))
            missing.append(eraseText(drive));
    if (missing.isEmpty())
        return {};
    return fail(ErrorCode::ConfirmationRequired,
                u"this would erase all of %1; name each drive to be erased by id or serial"_s.arg(
                    missing.join(u"; and "_s)));
}

} // namespace

QString eraseText(const Drive &drive)
{
    QStringList facts;
    const QString maker = u"%1 %2"_s.arg(drive.vendor, drive.model).simplified();
    if (!maker.isEmpty())
        facts.append(maker);
    facts.append(QLocale::c().formattedDataSize(drive.size, 1, QLocale::DataSizeSIFormat));
    facts.append(drive.serial.isEmpty() ? u"id "_s + drive.id : u"serial "_s + drive.serial);
    QStringList contents;
    for (const DriveContent &content : drive.contents)
        if (const QString text = contentText(content); !text.isEmpty())
            contents.append(text);
    const QString text = u"%1 (%2)"_s.arg(drive.path, facts.join(u", "_s));
    return contents.isEmpty() ? text : u"%1 with %2"_s.arg(text, contents.join(u", "_s));
}

QList<FlashIntake::Judged> FlashIntake::drives() const
{
    QList<Judged> judged;
    for (const Drive &drive : m_drives())
        judged.append({drive, m_policy.judge(drive)});
    return judged;
}

Result<QList<Drive>> FlashIntake::drivesOf(const FlashSpec &spec) const
{
    const QList<Drive> all = m_drives();
    QList<Drive> found;
    for (const QString &name : spec.drives) {
        const auto drive = std::ranges::find_if(
            all, [&name](const Drive &candidate) { return isNamed(candidate, name); });
        if (drive == all.end())
            return fail(ErrorCode::NotFound, u"drives: there is no drive \"%1\""_s.arg(name));
        if (const DriveVerdict verdict = m_policy.judge(*drive); !verdict.isAllowed())
            return fail(ErrorCode::Forbidden,
                        u"%1 is not written: %2"_s.arg(drive->path, verdict.reason));
        if (found.contains(*drive))
            return fail(ErrorCode::InvalidArgument, u"drives: %1 is named twice"_s.arg(name));
        found.append(*drive);
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
    if (const auto agreed = checkErase(*drives, spec.erase); !agreed)
        return fail(agreed.error());
    AgreedFlash flash{std::move(spec), {}};
    JobSnapshot job{.kind = JobKind::Flash,
                    .owner = who.owner,
                    .details = {.title = QFileInfo(flash.spec.image).fileName()},
                    .source = flash.spec.image};
    flash.spec.drives.clear();
    for (const Drive &drive : *drives) {
        flash.spec.drives.append(drive.id);
        flash.drives.append(drive.identity());
        job.details.drives.append({.id = drive.id});
    }
    job.spec = encodeSpec(flash);
    return job;
}

} // namespace core
