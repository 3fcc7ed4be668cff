#include "server/dialects/native/topicack.h"

#include "server/dialects/json.h"
#include "server/dialects/native/drivecodec.h"
#include "server/dialects/native/jobpage.h"
#include "server/dialects/native/nativecodec.h"

namespace server {

using namespace Qt::StringLiterals;

TopicAck TopicAcks::ack(const Topic &topic, Snapshot snapshot, qsizetype maxBytes) const
{
    const Position position = feed.position();
    TopicAck ack{.object = R"({"topic":)" + encode(topic.name()) + R"(,"epoch":)"
                     + encode(position.epoch) + R"(,"seq":)" + QByteArray::number(position.seq)};
    if (snapshot == Snapshot::Yes && topic.isJobs()) {
        const JobPage page =
            pageOf(service.list(who).value_or(QList<core::JobSnapshot>()), {.maxBytes = maxBytes});
        ack.object += ',' + page.members();
        ack.next = page.next;
    } else if (snapshot == Snapshot::Yes && topic.jobId()) {
        const auto job = service.get(who, *topic.jobId());
        const QByteArray object = job ? encode(jobObject(*job, Segments::Yes)) : QByteArray();
        ack.object += R"(,"jobs":[)" + object + ']';
    } else if (snapshot == Snapshot::Yes && topic.isDevices()) {
        const auto drives = flashes.drives(who).value_or(QList<core::JudgedDrive>());
        ack.object += R"(,"drives":)" + encode(drivesArray(drives));
    } else if (snapshot == Snapshot::Yes) {
        const QByteArray members = feed.snapshots().members(who, topic, maxBytes).value_or("");
        ack.object += members.isEmpty() ? QByteArray() : ',' + members;
    }
    ack.object += '}';
    return ack;
}

} // namespace server
