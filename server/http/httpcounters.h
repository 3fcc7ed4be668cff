#pragma once
#include "server/http/histogram.h"

#include <QByteArray>
#include <QMap>

namespace server {

/// What a server counted since it started, for /metrics.
struct HttpCounters {
    /// Of a request that matched no route; a path as it was asked would be a label without bound.
    static constexpr char NoRoute[] = "none";

    qint64 connectionsAccepted = 0;
    qint64 connectionsOpen = 0; // WebSockets included
    qint64 connectionsRefused = 0; // over --max-connections
    qint64 socketsAccepted = 0; // WebSockets
    qint64 socketsOpen = 0;
    qint64 bytesSent = 0; // bodies and frames as handed to the kernel
    QMap<std::pair<QByteArray, int>, qint64> answers; // by the route's pattern and the status
    QMap<int, qint64> socketsClosedByCode; // codes the server sent
    UnsentHistogram unsent; // of each session, every few seconds
    RoundTripHistogram roundTrips; // RFC 6455 pings

    void countAnswer(const QByteArray &route, int status)
    {
        ++answers[{route.isEmpty() ? QByteArray(NoRoute) : route, status}];
    }
    /// On all routes together.
    [[nodiscard]] qint64 answersOf(int status) const
    {
        qint64 sum = 0;
        for (auto answer = answers.begin(); answer != answers.end(); ++answer)
            sum += answer.key().second == status ? answer.value() : 0;
        return sum;
    }
};

} // namespace server
