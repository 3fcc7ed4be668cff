#include "server/dialects/flashprogress/flashprogresscodec.h"

#include "server/dialects/errortext.h"
#include "server/dialects/flashprogress/flashjobid.h"
#include "server/dialects/objecttext.h"

#include <algorithm>
#include <cmath>

namespace server {

using namespace Qt::StringLiterals;
using core::JobSnapshot;
using core::JobState;

struct FlashProgressCodec::One {
    const JobSnapshot &job;
    qsizetype index;
    const core::JobDrive &drive;

    /// A drive may be done before its job is.
    [[nodiscard]] JobState state() const { return isFinal(drive.state) ? drive.state : job.state; }
    /// The total of a flash is that of all its drives together.
    [[nodiscard]] qint64 total() const
    {
        return std::max<qint64>(0, job.progress.total)
            / std::max<qint64>(1, job.details.drives.size());
    }
    [[nodiscard]] qint64 done() const
    {
        return job.details.drives.size() == 1 ? job.progress.done : drive.done;
    }
    /// Percent, with one place, rounded down: 100 only when all is done.
    [[nodiscard]] double percent() const
    {
        if (state() == JobState::Succeeded)
            return 100;
        if (total() == 0)
            return 0;
        return std::min(100.0, std::floor(double(done()) / double(total()) * 1000) / 10);
    }
    /// Every drive that is being written has its share.
    [[nodiscard]] qint64 bytesPerSecond() const
    {
        const auto isOpen = [](const core::JobDrive &other) { return !isFinal(other.state); };
        const qint64 open = std::ranges::count_if(job.details.drives, isOpen);
        return job.progress.bytesPerSecond / std::max<qint64>(1, open);
    }
    /// A program's own word for its stage is its job's message.
    [[nodiscard]] QString stage() const
    {
        if (job.progress.stage != core::Stage::None)
            return stageName(job.progress.stage);
        const bool hasOwnWord =
            job.kind == core::JobKind::External && !job.details.message.isEmpty();
        return hasOwnWord ? job.details.message : u"preparing"_s;
    }
    [[nodiscard]] QString why() const
    {
        if (state() == JobState::Canceled)
            return u"canceled"_s;
        const std::optional<core::Error> &own = drive.error ? drive.error : job.error;
        if (!own)
            return u"failed"_s;
        const bool isTold = own->code == core::ErrorCode::WorkFailed && !own->context.isEmpty();
        return isTold ? own->context : errorMessage(*own);
    }
};

bool FlashProgressCodec::covers(const JobSnapshot &job) const
{
    return job.kind == core::JobKind::Flash || job.kind == core::JobKind::External;
}

QByteArrayList FlashProgressCodec::introduce(const JobSnapshot &job) const
{
    QByteArrayList messages;
    for (qsizetype i = 0; i < job.details.drives.size() && job.state != JobState::Queued; ++i) {
        const One one{job, i, job.details.drives.at(i)};
        messages.append(started(one));
        messages.append(isFinal(one.state()) ? ended(one) : progress(one));
        if (one.state() == JobState::Paused)
            messages.append(plain(u"flash_paused"_s, one));
    }
    return messages;
}

QByteArrayList FlashProgressCodec::step(const JobSnapshot &before, const JobSnapshot &after) const
{
    QByteArrayList messages;
    const core::JobDrive blank;
    const auto &drives = before.details.drives;
    for (qsizetype i = 0; i < after.details.drives.size(); ++i) {
        const One one{after, i, after.details.drives.at(i)};
        const bool isNew = i >= drives.size(); // a program's job turns out to be a flash
        messages.append(isNew ? started(one) : QByteArray());
        messages.append(stepOf({before, i, isNew ? blank : drives.at(i)}, one));
    }
    messages.removeAll(QByteArray());
    return messages;
}

/// The one message that a step of one drive is; empty when there is none.
QByteArray FlashProgressCodec::stepOf(const One &before, const One &after) const
{
    const JobSnapshot &job = after.job;
    const JobState was = before.job.state;
    if (isFinal(after.state()))
        return before.state() == after.state() ? QByteArray() : ended(after);
    const bool isFirst = was == JobState::Queued && job.state == JobState::Running
        && before.job.startedAt == 0 && job.attempt == 1;
    if (isFirst || isFinal(was)) // a retry is told when it is asked for
        return started(after);
    const bool hasBegun = before.job.startedAt != 0;
    if (job.state == JobState::Paused && was != JobState::Paused && hasBegun)
        return plain(u"flash_paused"_s, after);
    if (was == JobState::Paused && job.state != JobState::Paused && hasBegun)
        return plain(u"flash_resumed"_s, after);
    const bool hasStage = job.kind == core::JobKind::External && before.stage() != after.stage();
    return hasStage ? progress(after) : QByteArray();
}

QByteArrayList FlashProgressCodec::numbers(const JobSnapshot &job) const
{
    QByteArrayList messages;
    for (qsizetype i = 0; i < job.details.drives.size(); ++i)
        if (const One one{job, i, job.details.drives.at(i)}; one.state() == JobState::Running)
            messages.append(progress(one));
    return messages;
}

namespace {

ObjectText named(const QString &type, const QString &jobId, const QString &deviceId)
{
    return ObjectText().put("type", type).put("jobId", jobId).put("deviceId", deviceId);
}

} // namespace

QByteArray FlashProgressCodec::started(const One &one) const
{
    return named(u"flash_started"_s, flashJobId(one.job, one.index), one.drive.id)
        .put("stage", one.stage())
        .put("totalBytes", one.total())
        .put("timestamp", qint64(m_clock.wallTime().count()))
        .json();
}

QByteArray FlashProgressCodec::progress(const One &one) const
{
    return named(u"flash_progress"_s, flashJobId(one.job, one.index), one.drive.id)
        .putReal("progress", one.percent())
        .put("stage", one.stage())
        .put("bytesTransferred", one.done())
        .put("totalBytes", one.total())
        .put("transferSpeed", one.bytesPerSecond())
        .put("estimatedTimeRemaining", std::max<qint64>(0, one.job.progress.etaSeconds))
        .put("timestamp", qint64(m_clock.wallTime().count()))
        .json();
}

QByteArray FlashProgressCodec::ended(const One &one) const
{
    if (one.state() == JobState::Succeeded)
        return plain(u"flash_completed"_s, one);
    return named(u"flash_failed"_s, flashJobId(one.job, one.index), one.drive.id)
        .put("error", one.why())
        .put("timestamp", qint64(m_clock.wallTime().count()))
        .json();
}

QByteArray FlashProgressCodec::plain(const QString &type, const One &one) const
{
    return named(type, flashJobId(one.job, one.index), one.drive.id)
        .put("timestamp", qint64(m_clock.wallTime().count()))
        .json();
}

QByteArray FlashProgressCodec::errorText(const core::Error &error) const
{
    return ObjectText()
        .put("type", u"error"_s)
        .put("message", errorMessage(error))
        .put("timestamp", qint64(m_clock.wallTime().count()))
        .json();
}

QByteArray FlashProgressCodec::pongText(std::optional<qint64> asked) const
{
    return ObjectText()
        .put("type", u"pong"_s)
        .put("timestamp", asked.value_or(qint64(m_clock.wallTime().count())))
        .json();
}

} // namespace server
