#pragma once
#include "tests/server/dialects/hubbench.h"

#include <QRandomGenerator>

namespace tests {

/// Adds, commands, moves, ends or forgets a job, or says something; with little time between.
inline void doSomething(HubBench &hub, QRandomGenerator &random)
{
    const auto jobs = hub.registry.snapshots();
    const core::JobId id{jobs.isEmpty() ? 0 : jobs.at(random.bounded(jobs.size())).id.value};
    core::Result<void> result;
    switch (random.bounded(10)) {
    case 0:
    case 1:
        hub.add(random.bounded(3) ? QStringLiteral("local") : QStringLiteral("eve"),
                random.bounded(2) ? core::JobState::Paused : core::JobState::Queued);
        break;
    case 2:
        result = hub.registry.pause(id);
        break;
    case 3:
        result = hub.registry.resume(id);
        break;
    case 4:
        result = hub.registry.cancel(id);
        break;
    case 5:
        result = hub.registry.retry(id);
        break;
    case 6:
        result = hub.registry.remove(id);
        break;
    case 7:
        hub.switchOf(id)->order = 1 + random.bounded(2);
        break;
    case 8:
        hub.switchOf(id)->done += random.bounded(200);
        break;
    case 9:
        hub.feed.notice(server::EventFeed::NoticeLevel::Message, QStringLiteral("n"));
        break;
    }
    Q_UNUSED(result) // what the state forbids is no matter here
}

} // namespace tests
