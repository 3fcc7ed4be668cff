#include "server/dialects/native/jobpage.h"

#include "server/dialects/json.h"
#include "server/dialects/native/nativecodec.h"

#include <algorithm>

namespace server {

QByteArray JobPage::members() const
{
    QByteArray members = R"("jobs":)" + jobs;
    if (next)
        members += R"(,"next":")" + QByteArray::number(next->value) + '"';
    return members;
}

JobPage pageOf(QList<core::JobSnapshot> jobs, const JobFilter &filter)
{
    jobs.removeIf([&filter](const core::JobSnapshot &job) {
        return (filter.state && job.state != *filter.state)
            || (filter.kind && job.kind != *filter.kind)
            || (filter.before && job.id >= *filter.before);
    });
    std::sort(jobs.begin(), jobs.end(), [](const auto &a, const auto &b) { return a.id > b.id; });

    JobPage page{.jobs = "["};
    for (qsizetype i = 0; i < jobs.size(); ++i) {
        const QByteArray object = encode(jobObject(jobs.at(i)));
        const bool isFull = i >= filter.limit || page.jobs.size() + object.size() > filter.maxBytes;
        if (isFull && i > 0) {
            page.next = jobs.at(i - 1).id;
            break;
        }
        page.jobs.append(i > 0 ? "," : "").append(object);
    }
    page.jobs += ']';
    return page;
}

} // namespace server
