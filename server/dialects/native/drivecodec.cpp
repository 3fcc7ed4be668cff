#include "server/dialects/native/drivecodec.h"

namespace server {

using namespace Qt::StringLiterals;

QJsonObject driveObject(const core::JudgedDrive &judged)
{
    const core::Drive &drive = judged.drive;
    QJsonArray mounted;
    for (const core::DriveMount &mount : drive.mounts())
        mounted.append(mount.point);
    return {{u"id"_s, drive.id},
            {u"path"_s, drive.path},
            {u"serial"_s, drive.serial},
            {u"vendor"_s, drive.vendor},
            {u"model"_s, drive.model},
            {u"size"_s, drive.size},
            {u"bus"_s, core::busName(drive.bus)},
            {u"removable"_s, drive.isRemovable},
            {u"readOnly"_s, drive.isReadOnly},
            {u"system"_s, judged.verdict.isSystem()},
            {u"selectable"_s, judged.verdict.isAllowed()},
            {u"reason"_s, judged.verdict.reason},
            {u"risks"_s, risksArray(judged.verdict.risks)},
            {u"mounted"_s, mounted}};
}

QByteArray endingResult(core::DriveRelease::Ending ending)
{
    using Ending = core::DriveRelease::Ending;
    switch (ending) {
    case Ending::Unmounted:
        return R"({"ending":"unmounted"})";
    case Ending::Ejected:
        return R"({"ending":"ejected"})";
    case Ending::PoweredOff:
        return R"({"ending":"poweredOff"})";
    }
    return {};
}

QJsonArray drivesArray(const QList<core::JudgedDrive> &drives)
{
    QJsonArray array;
    for (const core::JudgedDrive &drive : drives)
        array.append(driveObject(drive));
    return array;
}

QJsonArray risksArray(const QList<core::DriveRisk> &risks)
{
    QJsonArray array;
    for (const core::DriveRisk risk : risks)
        array.append(core::driveRiskName(risk));
    return array;
}

/// Both objects have the same members, so nothing has to be removed by null.
QJsonObject drivePatch(const core::JudgedDrive &before, const core::JudgedDrive &after)
{
    const QJsonObject old = driveObject(before);
    QJsonObject patch = driveObject(after);
    for (auto member = old.begin(); member != old.end(); ++member)
        if (patch.value(member.key()) == member.value())
            patch.remove(member.key());
    return patch;
}

} // namespace server
