#include "server/dialects/native/drivecodec.h"

#include <QJsonArray>

namespace server {

using namespace Qt::StringLiterals;

QJsonObject driveObject(const core::JudgedDrive &judged)
{
    const core::Drive &drive = judged.drive;
    QJsonArray risks;
    for (const core::DriveRisk risk : judged.verdict.risks)
        risks.append(core::driveRiskName(risk));
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
            {u"risks"_s, risks},
            {u"mounted"_s, mounted}};
}

} // namespace server
