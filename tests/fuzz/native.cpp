// Messages of the native protocol, and the specs and reports in them.
#include "server/dialects/native/jsonrpc.h"
#include "server/dialects/native/nativecodec.h"
#include "server/dialects/native/reportmethod.h"
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
        const auto report = server::jobReportFrom(server::Params(call->params));
        if (report && core::checkReport(*report))
            (void)core::reported({.kind = core::JobKind::External}, *report, core::Milliseconds(1));
    }
    return 0;
}
