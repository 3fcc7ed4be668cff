#include "server/http/message.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace server {

using namespace Qt::StringLiterals;

QByteArray Request::header(QByteArrayView name) const
{
    for (const Header &header : headers)
        if (name.compare(header.name, Qt::CaseInsensitive) == 0)
            return header.value;
    return {};
}

bool Request::presentsToken() const
{
    return !header("Authorization").isEmpty()
        || header("Sec-WebSocket-Protocol").contains("dray.bearer.");
}

Response problem(int status, QByteArrayView type, const QString &title, const QString &detail)
{
    QJsonObject object{
        {u"type"_s, QString::fromLatin1(type)}, {u"title"_s, title}, {u"status"_s, status}};
    if (!detail.isEmpty())
        object.insert(u"detail"_s, detail);
    return {.status = status,
            .headers = {{"Content-Type", "application/problem+json"}},
            .body = QJsonDocument(object).toJson(QJsonDocument::Compact)};
}

Response jsonResponse(const QByteArray &json, int status)
{
    return {.status = status, .headers = {{"Content-Type", "application/json"}}, .body = json};
}

} // namespace server
