#include "core/workflows/pinneddrivesjson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace core {

using namespace Qt::StringLiterals;

QByteArray encodePinned(const PinnedDrives &pinned)
{
    QJsonArray drives;
    for (const DriveIdentity &drive : pinned.drives)
        drives.append(QJsonObject{{u"id"_s, drive.id},
                                  {u"serial"_s, drive.serial},
                                  {u"size"_s, drive.size},
                                  {u"diskseq"_s, qint64(drive.diskseq)},
                                  {u"place"_s, drive.place}});
    return QJsonDocument(QJsonObject{{u"boot"_s, pinned.boot}, {u"drives"_s, drives}})
        .toJson(QJsonDocument::Compact);
}

PinnedDrives decodePinned(const QByteArray &stored)
{
    const QJsonObject object = QJsonDocument::fromJson(stored).object();
    PinnedDrives pinned{object["boot"_L1].toString(), {}};
    for (const QJsonValue drive : object["drives"_L1].toArray())
        pinned.drives.append(
            {drive["id"_L1].toString(), drive["serial"_L1].toString(), drive["size"_L1].toInteger(),
             quint64(drive["diskseq"_L1].toInteger()), drive["place"_L1].toString()});
    return pinned;
}

} // namespace core
