#include "tests/ui/support/sampleagents.h"

namespace tests {

using namespace core;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QList<Agent> ownAgents()
{
    return {
        {.name = u"downloader"_s,
         .owner = u"local"_s,
         .status = AgentStatus::Busy,
         .capabilities = {u"download"_s, u"extract"_s},
         .metrics = {.messageCount = 18'420,
                     .errorCount = 4,
                     .errorRate = 0.025,
                     .averageExecutionSeconds = 93.4,
                     .isHealthy = true},
         .current = {21}},
        {.name = u"flasher"_s,
         .owner = u"local"_s,
         .status = AgentStatus::Error,
         .capabilities = {u"flash"_s, u"read"_s, u"compare"_s, u"format"_s},
         .metrics = {.messageCount = 310,
                     .errorCount = 3,
                     .errorRate = 0.6,
                     .averageExecutionSeconds = 412},
         .current = {}},
        {.name = u"media"_s,
         .owner = u"local"_s,
         .capabilities = {u"media"_s},
         .metrics = {.isHealthy = true},
         .current = {}},
        {.name = u"verifier"_s,
         .owner = u"local"_s,
         .capabilities = {u"verify"_s},
         .metrics = {.messageCount = 64, .averageExecutionSeconds = 4.2, .isHealthy = true},
         .current = {}},
    };
}

} // namespace

QList<Agent> sampleAgents()
{
    QList<Agent> agents = ownAgents();
    agents += {
        Agent{.name = u"backup-box"_s,
              .owner = u"local"_s,
              .status = AgentStatus::Offline,
              .capabilities = {u"backup"_s},
              .metrics = {.messageCount = 12,
                          .errorCount = 1,
                          .errorRate = 0.125,
                          .averageExecutionSeconds = 1'290},
              .current = {}},
        Agent{.name = u"translator"_s,
              .owner = u"local"_s,
              .status = AgentStatus::Busy,
              .capabilities = {u"translate"_s, u"summarize"_s},
              .metrics = {.messageCount = 1'207,
                          .errorCount = 2,
                          .errorRate = 0.02,
                          .averageExecutionSeconds = 12.8,
                          .isHealthy = true},
              .current = {23}},
    };
    return agents;
}

QList<AgentPoint> sampleHistory(Milliseconds now)
{
    QList<AgentPoint> points;
    for (int minute = 0; minute < 24 * 60; ++minute) {
        const qint64 ended = (minute * 7 + minute / 9) % 11 / 2;
        const qint64 failed = minute % 17 == 3 ? ended / 2 : 0;
        if (minute % 60 < 8) // nobody works always
            continue;
        points.append({.time = now - now % 1min - minute * 1min,
                       .messages = ended * 12,
                       .succeeded = ended - failed,
                       .failed = failed});
    }
    return points;
}

} // namespace tests
