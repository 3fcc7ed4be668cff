#include "core/driveworkjson.h"

#include "core/flash/drivespecsjson.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace core {

using namespace Qt::StringLiterals;

namespace {

template<typename Spec>
QByteArray encode(const OnDrive<Spec> &work)
{
    QJsonObject object = toJson(work.spec);
    object.insert("agreed"_L1,
                  QJsonObject{{u"id"_s, work.drive.id},
                              {u"serial"_s, work.drive.serial},
                              {u"size"_s, work.drive.size},
                              {u"diskseq"_s, qint64(work.drive.diskseq)},
                              {u"place"_s, work.drive.place}});
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

template<typename Spec>
Result<OnDrive<Spec>> decode(const QByteArray &stored, Result<Spec> (*read)(const QJsonObject &))
{
    const QJsonDocument document = QJsonDocument::fromJson(stored);
    auto spec = read(document.object());
    if (!spec)
        return fail(spec.error());
    const QJsonValue drive = document["agreed"_L1];
    const DriveIdentity identity{.id = drive["id"_L1].toString(),
                                 .serial = drive["serial"_L1].toString(),
                                 .size = drive["size"_L1].toInteger(),
                                 .diskseq = quint64(drive["diskseq"_L1].toInteger()),
                                 .place = drive["place"_L1].toString()};
    if (identity.id.isEmpty() || identity.id != spec->drive)
        return fail(ErrorCode::InvalidArgument, u"the stored spec is of another drive"_s);
    return OnDrive<Spec>{std::move(*spec), identity};
}

} // namespace

QByteArray encodeSpec(const OnDrive<ReadSpec> &work)
{
    return encode(work);
}

QByteArray encodeSpec(const OnDrive<CompareSpec> &work)
{
    return encode(work);
}

QByteArray encodeSpec(const OnDrive<FormatSpec> &work)
{
    return encode(work);
}

Result<OnDrive<ReadSpec>> decodeRead(const QByteArray &stored)
{
    return decode(stored, &readSpecFromJson);
}

Result<OnDrive<CompareSpec>> decodeCompare(const QByteArray &stored)
{
    return decode(stored, &compareSpecFromJson);
}

Result<OnDrive<FormatSpec>> decodeFormat(const QByteArray &stored)
{
    return decode(stored, &formatSpecFromJson);
}

} // namespace core
