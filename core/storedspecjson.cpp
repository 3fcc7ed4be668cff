#include "core/storedspecjson.h"

#include "core/download/downloadspecjson.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace core {

using namespace Qt::StringLiterals;

QByteArray encodeSpec(const DownloadSpec &spec)
{
    return QJsonDocument(toJson(spec)).toJson(QJsonDocument::Compact);
}

Result<DownloadSpec> decodeDownloadSpec(const QByteArray &stored)
{
    const QJsonDocument document = QJsonDocument::fromJson(stored);
    if (!document.isObject())
        return fail(ErrorCode::InvalidArgument, u"the stored spec is not a JSON object"_s);
    return downloadSpecFromJson(document.object());
}

} // namespace core
