// Messages of the native protocol, and the specs in them.
#include "server/dialects/native/jsonrpc.h"
#include "server/dialects/native/nativecodec.h"
#include "server/dialects/native/speccodec.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(bytes), qsizetype(size));
    for (const server::RpcItem &item : server::parseMessage(text).items) {
        const auto *call = std::get_if<server::RpcCall>(&item);
        if (!call)
            continue;
        (void)server::addRequestFrom(server::Params(call->params));
        (void)server::jobFromObject(call->params);
    }
    return 0;
}
