#pragma once
#include <QMap>

namespace server {

/// What a server counted since it started, for /metrics.
struct HttpCounters {
    qint64 connectionsAccepted = 0;
    qint64 connectionsOpen = 0; // WebSockets included
    qint64 connectionsRefused = 0; // over --max-connections
    qint64 socketsAccepted = 0; // WebSockets
    qint64 socketsOpen = 0;
    qint64 bytesSent = 0; // bodies and frames as handed to the kernel
    QMap<int, qint64> answersByStatus;
    QMap<int, qint64> socketsClosedByCode; // codes the server sent
};

} // namespace server
