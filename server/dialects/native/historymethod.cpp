#include "server/dialects/native/historymethod.h"

#include "server/dialects/json.h"
#include "server/dialects/native/historycodec.h"
#include "server/dialects/native/jobpage.h"

namespace server {

using namespace Qt::StringLiterals;

core::Result<core::History::Query> historyQueryFrom(const Params &params)
{
    core::History::Query query;
    const auto limit = params.number("limit"_L1, query.limit, {1, core::History::MostListed});
    if (!limit)
        return core::fail(limit.error());
    query.limit = int(*limit);
    const auto before = params.text("before"_L1);
    if (!before)
        return core::fail(before.error());
    if (before->isEmpty())
        return query;
    bool isNumber = false;
    query.before = before->toLongLong(&isNumber);
    if (!isNumber)
        return core::fail(core::ErrorCode::InvalidArgument,
                          u"\"before\" is not the id of a history entry"_s);
    return query;
}

QByteArray historyResult(const core::History::Page &page)
{
    QByteArray entries;
    std::optional<qint64> next = page.next;
    qint64 last = 0;
    for (const core::HistoryEntry &entry : page.entries) {
        const QByteArray object = encode(historyObject(entry));
        if (!entries.isEmpty() && entries.size() + object.size() > JobFilter::MaxBytes) {
            next = last;
            break;
        }
        entries.append(entries.isEmpty() ? "" : ",").append(object);
        last = entry.id;
    }
    const QByteArray more = next ? R"(,"next":")" + QByteArray::number(*next) + '"' : QByteArray();
    return R"({"history":[)" + entries + ']' + more + '}';
}

} // namespace server
