#include "server/dialects/native/historycodec.h"

#include "server/dialects/errortext.h"

namespace server {

using namespace Qt::StringLiterals;

namespace {

void setText(QJsonObject &object, QLatin1StringView key, const QString &text)
{
    if (!text.isEmpty())
        object.insert(key, text);
}

QJsonObject driveObject(const core::HistoryDrive &drive)
{
    QJsonObject object{{u"id"_s, drive.id},
                       {u"serial"_s, drive.serial},
                       {u"writtenBytes"_s, drive.writtenBytes},
                       {u"rewrites"_s, drive.rewrites}};
    if (drive.writeBytesPerSecond > 0)
        object.insert("writeBytesPerSecond"_L1, drive.writeBytesPerSecond);
    if (drive.verifyBytesPerSecond > 0)
        object.insert("verifyBytesPerSecond"_L1, drive.verifyBytesPerSecond);
    return object;
}

} // namespace

QJsonObject historyObject(const core::HistoryEntry &entry)
{
    QJsonObject object{{u"id"_s, QString::number(entry.id)},
                       {u"finishedAt"_s, entry.finishedAt},
                       {u"job"_s, entry.job.toString()},
                       {u"kind"_s, core::jobKindName(entry.kind)},
                       {u"owner"_s, entry.owner},
                       {u"title"_s, entry.title},
                       {u"source"_s, entry.source},
                       {u"bytes"_s, entry.bytes},
                       {u"verdict"_s, core::historyVerdictName(entry.verdict)}};
    setText(object, "target"_L1, entry.target);
    setText(object, "sha256"_L1, entry.sha256);
    if (entry.error)
        object.insert("error"_L1,
                      QJsonObject{{u"code"_s, core::errorCodeName(entry.error->code)},
                                  {u"message"_s, errorMessage(*entry.error)}});
    if (entry.drive)
        object.insert("drive"_L1, driveObject(*entry.drive));
    return object;
}

} // namespace server
