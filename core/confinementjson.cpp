#include "core/confinementjson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace core {

namespace {

constexpr QLatin1StringView Within("within");

}

QByteArray encodeConfined(const QByteArray &spec, const QStringList &folders)
{
    QJsonObject object = QJsonDocument::fromJson(spec).object();
    object.insert(Within, QJsonArray::fromStringList(folders));
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QStringList decodeConfinement(const QByteArray &spec)
{
    QStringList folders;
    for (const QJsonValue folder : QJsonDocument::fromJson(spec)[Within].toArray())
        folders.append(folder.toString());
    return folders;
}

} // namespace core
