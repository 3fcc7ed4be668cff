// Messages of the clients of the sockets with rooms.
#include "server/dialects/json.h"
#include "server/dialects/workflow/roomcodec.h"
#include "server/dialects/workflow/roommessage.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(bytes), qsizetype(size));
    const auto message = server::roomMessageFrom(text);
    // What is wrong with a message stands in the answer, and what it asks for in the acknowledgement.
    if (!message
        && !server::parseJson(server::RoomCodec::error(message.error(), core::Milliseconds(0))))
        qFatal("the answer is not JSON");
    const auto *wish = message ? std::get_if<server::RoomSubscribe>(&*message) : nullptr;
    if (wish
        && !server::parseJson(server::RoomCodec::ack(QStringLiteral("subscribed"), wish->room)))
        qFatal("the acknowledgement is not JSON");
    return 0;
}
