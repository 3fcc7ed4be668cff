// Polling bodies and WebSocket messages of Socket.IO clients, and the jobs that their messages become.
#include "server/dialects/json.h"
#include "server/dialects/socketio/aireports.h"
#include "server/dialects/socketio/enginepacket.h"
#include "server/dialects/socketio/rawjson.h"
#include "server/dialects/socketio/socketpacket.h"
#include "tests/fuzz/target.h"

#include <QJsonArray>

namespace {

void tellAgain(const server::AiMessage &message)
{
    if (!server::parseJson(message.json) || message.json.contains('\x1e'))
        qFatal("what is relayed is not JSON, or breaks a polling body");
    const core::JobReport report = server::jobReportFrom(message, nullptr);
    if (!core::checkReport(report))
        return;
    const core::JobSnapshot blank{.kind = core::JobKind::External, .source = report.job};
    const core::JobSnapshot job = core::reported(blank, report, core::Milliseconds(1));
    (void)server::jobReportFrom(message, &job);
    if (const auto words = server::aiWordsOf(job))
        if (!server::parseJson(words->json(core::Milliseconds(1))))
            qFatal("what is told is not JSON");
}

void take(const QByteArray &text)
{
    const auto packet = server::socketPacketFrom(text);
    if (!packet)
        return;
    const auto again = server::socketPacketFrom(server::encode(*packet));
    if (!again || again->place != packet->place || again->id != packet->id)
        qFatal("a packet is not what it was");
    if (packet->type != server::SocketType::Event)
        return;
    if (server::elementsOf(packet->json).size() != packet->value.toArray().size())
        qFatal("the elements are not those of the array");
    for (const QByteArray &element : server::elementsOf(packet->json))
        if (const auto message = server::aiMessageFrom(element, core::Milliseconds(1)))
            tellAgain(*message);
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(bytes), qsizetype(size));
    const auto packets = server::enginePayloadFrom(text);
    if (!packets)
        return 0;
    for (const server::EnginePacket &packet : *packets)
        if (packet.type == server::EngineType::Message)
            take(packet.text);
    return 0;
}
