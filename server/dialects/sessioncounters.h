#pragma once
#include "server/http/histogram.h"

namespace server {

/// What the sockets of a dialect counted since the server started, for /metrics.
struct SessionCounters {
    qint64 open = 0;
    qint64 received = 0; // messages
    qint64 receivedBytes = 0;
    qint64 replies = 0; // messages that are neither events nor progress
    qint64 replyBytes = 0;
    qint64 refused = 0; // over the rate
    qint64 unauthorized = 0;
    RoundTripHistogram roundTrips; // of pings that are messages

    SessionCounters &operator+=(const SessionCounters &other)
    {
        open += other.open;
        received += other.received;
        receivedBytes += other.receivedBytes;
        replies += other.replies;
        replyBytes += other.replyBytes;
        refused += other.refused;
        unauthorized += other.unauthorized;
        roundTrips += other.roundTrips;
        return *this;
    }
};

} // namespace server
