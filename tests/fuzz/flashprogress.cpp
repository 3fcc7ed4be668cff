// Messages of flash progress clients, and the jobs that they become, told again.
#include "core/base/clock.h"
#include "server/dialects/flashprogress/flashjobid.h"
#include "server/dialects/flashprogress/flashmessage.h"
#include "server/dialects/flashprogress/flashprogresscodec.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(bytes), qsizetype(size));
    const auto message = server::flashMessageFrom(text);
    const auto *report = message ? std::get_if<core::JobReport>(&*message) : nullptr;
    if (!report || !core::checkReport(*report))
        return 0;
    (void)server::numberInFlashJobId(report->job);
    const core::JobSnapshot blank{.kind = core::JobKind::External, .source = report->job};
    const core::JobSnapshot job = core::reported(blank, *report, core::Milliseconds(1));
    const core::SystemClock clock;
    const server::FlashProgressCodec codec(clock);
    (void)codec.introduce(job);
    (void)codec.step(blank, job);
    (void)codec.numbers(core::reported(job, *report, core::Milliseconds(2)));
    return 0;
}
