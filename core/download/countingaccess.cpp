#include "core/download/countingaccess.h"

#include <QNetworkReply>

namespace core {

QNetworkReply *CountingAccess::createRequest(Operation operation,
                                             const QNetworkRequest &request,
                                             QIODevice *outgoing)
{
    QNetworkReply *reply = QNetworkAccessManager::createRequest(operation, request, outgoing);
    m_wasOneAtATime &= m_open.isEmpty();
    m_open.insert(reply);
    const auto onGone = [this, reply] { m_open.remove(reply); };
    connect(reply, &QNetworkReply::finished, this, onGone);
    connect(reply, &QObject::destroyed, this, onGone);
    return reply;
}

} // namespace core
