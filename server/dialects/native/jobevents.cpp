#include "server/dialects/native/jobevents.h"

#include "server/feed/frame.h"

namespace server {

using namespace Qt::StringLiterals;
using core::Principal;

namespace {

constexpr qint64 MostEvents = 200;

QByteArray eventsResult(const std::vector<JournalEntry> &entries)
{
    QByteArray result(R"({"events":[)");
    quint64 prev = 0;
    for (const JournalEntry &entry : entries) {
        if (prev)
            result += ',';
        result += Frame::event(entry, prev).params();
        prev = entry.seq;
    }
    return result + "]}";
}

core::Result<QByteArray> listEvents(core::JobService &service,
                                    const Journal &journal,
                                    const Principal &who,
                                    const Params &params)
{
    const auto limit = params.number("limit"_L1, MostEvents, {1, MostEvents});
    if (!limit)
        return core::fail(limit.error());
    return params.job()
        .and_then([&](core::JobId id) { return service.get(who, id); })
        .map([&](const core::JobSnapshot &job) {
            return eventsResult(journal.about(Topic::job(job.id), size_t(*limit), MaxEventBytes));
        });
}

} // namespace

void addJobEvents(NativeMethods &methods, core::JobService &service, const Journal &journal)
{
    methods.add(u"job.events"_s, core::Scope::Read,
                [&service, &journal](const Principal &who, const Params &params,
                                     const NativeMethods::Answer &answer) {
                    answer(listEvents(service, journal, who, params));
                });
}

} // namespace server
