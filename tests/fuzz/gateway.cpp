// Messages of the gateway's clients.
#include "server/dialects/gateway/gatewaycodec.h"
#include "server/dialects/json.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(bytes), qsizetype(size));
    const auto command = server::gatewayCommandFrom(text);
    // What is wrong with a message stands in the answer.
    if (!command && !server::parseJson(server::GatewayCodec::errorText(command.error())))
        qFatal("the answer is not JSON");
    return 0;
}
