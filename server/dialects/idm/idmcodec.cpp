#include "server/dialects/idm/idmcodec.h"

#include "server/dialects/errortext.h"
#include "server/dialects/jsonrequest.h"
#include "server/dialects/native/params.h"
#include "server/dialects/objecttext.h"
#include "server/dialects/sharedone.h"

#include <QFileInfo>

namespace server {
namespace {

using namespace Qt::StringLiterals;
using core::ErrorCode;
using core::JobSnapshot;
using core::JobState;

/// Of the whole: hundredths of a percent.
constexpr int ProgressSteps = 10'000;

QString statusOf(JobState state)
{
    switch (state) {
    case JobState::Queued:
        return u"queued"_s;
    case JobState::Running:
        return u"downloading"_s;
    case JobState::Paused:
        return u"paused"_s;
    case JobState::Succeeded:
        return u"completed"_s;
    case JobState::Failed:
        return u"error"_s;
    case JobState::Canceled:
        return u"canceled"_s;
    }
    return {};
}

/// What is not known is 0.
void putNumbers(ObjectText &object, const JobSnapshot &job)
{
    const core::Progress &progress = job.progress;
    const bool runs = job.state == JobState::Running;
    const qint64 total =
        job.state == JobState::Succeeded && progress.total < 0 ? progress.done : progress.total;
    object.putReal("progress", shareDone(job, ProgressSteps) * 100)
        .put("downloaded", progress.done)
        .put("total", std::max<qint64>(0, total))
        .put("speed", runs ? progress.bytesPerSecond : 0)
        .put("eta", runs ? std::max<qint64>(0, progress.etaSeconds) : 0);
}

QByteArray statusText(const JobSnapshot &job)
{
    ObjectText object;
    object.put("id", job.id.value).put("status", statusOf(job.state));
    putNumbers(object, job);
    return object.json();
}

QByteArray failureText(core::JobId id, const QString &why)
{
    return ObjectText().put("id", id.value).put("status", u"error"_s).put("error", why).json();
}

QString failureOf(const JobSnapshot &job)
{
    return errorMessage(job.error.value_or(core::Error()));
}

QString fileNameOf(const JobSnapshot &job)
{
    return QFileInfo(job.details.target).fileName();
}

core::Result<qint64> numberFrom(const QUrlQuery &query, const QString &name, qint64 byDefault)
{
    if (!query.hasQueryItem(name))
        return byDefault;
    bool isNumber = false;
    const qint64 number = query.queryItemValue(name, QUrl::FullyDecoded).toLongLong(&isNumber);
    if (!isNumber || number < 1 || number > Params::MaxNumber)
        return core::fail(ErrorCode::InvalidArgument,
                          u"\"%1\" is not a number from 1 on"_s.arg(name));
    return number;
}

} // namespace

bool IdmCodec::covers(const JobSnapshot &job) const
{
    return job.kind == core::JobKind::Download || job.kind == core::JobKind::Media;
}

QByteArrayList IdmCodec::introduce(const JobSnapshot &job) const
{
    if (job.state == JobState::Failed)
        return {failureText(job.id, failureOf(job))};
    QByteArrayList messages{statusText(job)};
    if (job.state == JobState::Succeeded)
        messages.append(ObjectText()
                            .put("id", job.id.value)
                            .putTrue("done")
                            .put("filename", fileNameOf(job))
                            .json());
    return messages;
}

QByteArrayList IdmCodec::step(const JobSnapshot &before, const JobSnapshot &after) const
{
    return before.state == after.state ? QByteArrayList() : introduce(after);
}

QByteArrayList IdmCodec::numbers(const JobSnapshot &job) const
{
    return introduce(job);
}

/// The dialect has no word for a download that is forgotten; it is one that will not come any more.
QByteArrayList IdmCodec::removed(core::JobId id) const
{
    return {statusText({.id = id, .state = JobState::Canceled})};
}

QByteArray IdmCodec::errorText(const core::Error &error)
{
    return failureText({}, errorMessage(error));
}

QByteArray IdmCodec::listEntry(const JobSnapshot &job)
{
    const QString name = fileNameOf(job);
    const QString title = job.details.title.isEmpty() ? name : job.details.title;
    ObjectText object;
    object.put("id", job.id.value)
        .put("url", job.source)
        .put("title", title.isEmpty() ? job.source : title)
        .put("status", statusOf(job.state));
    putNumbers(object, job);
    return object.put("filename", name)
        .put("error", job.state == JobState::Failed ? failureOf(job) : QString())
        .json();
}

core::Result<IdmPage> idmPageFrom(const QUrlQuery &query)
{
    const auto page = numberFrom(query, u"page"_s, 1);
    if (!page)
        return core::fail(page.error());
    const auto size = numberFrom(query, u"size"_s, IdmPage::MaxSize);
    if (!size)
        return core::fail(size.error());
    return IdmPage{*page, std::min(*size, IdmPage::MaxSize)};
}

core::Result<PlainDownload> idmDownloadFrom(const Request &request)
{
    const auto body = bodyObject(request);
    if (!body)
        return core::fail(body.error());
    const Params members(*body);
    const auto url = members.requiredText("url"_L1);
    if (!url)
        return core::fail(url.error());
    const auto name = members.text("filename"_L1);
    if (!name)
        return core::fail(name.error());
    return PlainDownload{*url, *name};
}

QByteArray idmList(QList<JobSnapshot> jobs, const IdmPage &page)
{
    const IdmCodec codec;
    jobs.removeIf([&codec](const JobSnapshot &job) { return !codec.covers(job); });
    std::sort(jobs.begin(), jobs.end(), [](const auto &a, const auto &b) { return a.id > b.id; });
    QByteArrayList entries;
    const qint64 pagesBefore = std::min<qint64>(page.page - 1, jobs.size()); // no overflow
    for (const JobSnapshot &job : jobs.mid(pagesBefore * page.size, page.size))
        entries.append(IdmCodec::listEntry(job));
    return '[' + entries.join(',') + ']';
}

} // namespace server
