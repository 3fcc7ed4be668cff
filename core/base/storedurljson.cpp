#include "core/base/storedurljson.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace core {

QUrl storedUrl(const QByteArray &spec)
{
    const QJsonObject object = QJsonDocument::fromJson(spec).object();
    return QUrl(object.value(QLatin1StringView("url")).toString(), QUrl::TolerantMode);
}

} // namespace core
