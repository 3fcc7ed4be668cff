#include "tests/ui/support/samplejobs.h"

namespace tests {

using namespace Qt::StringLiterals;
using core::JobSnapshot;
using core::JobState;
using core::Stage;

namespace {

constexpr qint64 MiB = 1 << 20;
constexpr qint64 Noon = 1'790'000'000'000;
const QString Digest = u"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"_s;

JobSnapshot named(qint64 id, JobState state, const QString &source)
{
    JobSnapshot job;
    job.id = {id};
    job.state = state;
    job.source = source;
    job.details.title = source.section(u'/', -1);
    job.details.target = u"/home/ada/Downloads/"_s + job.details.title;
    job.createdAt = Noon + id * 61'000;
    job.startedAt = state == JobState::Queued ? 0 : job.createdAt + 1000;
    job.finishedAt = isFinal(state) ? job.startedAt + 95'000 : 0;
    return job;
}

JobSnapshot running(qint64 id, const QString &source, const core::Progress &progress)
{
    JobSnapshot job = named(id, JobState::Running, source);
    job.progress = progress;
    return job;
}

JobSnapshot failed(qint64 id, const QString &source, const core::Error &error)
{
    JobSnapshot job = named(id, JobState::Failed, source);
    job.error = error;
    job.progress = {.done = 31 * MiB, .total = 96 * MiB};
    return job;
}

QList<core::JobSegment> fourSegments(qint64 totalBytes)
{
    QList<core::JobSegment> result;
    const qint64 quarter = totalBytes / 4;
    for (int i = 0; i < 4; ++i)
        result.append({i * quarter, (i + 1) * quarter, quarter * (9 - 2 * i) / 12});
    return result;
}

} // namespace

JobSnapshot makeJob(qint64 id, JobState state)
{
    JobSnapshot job = named(id, state, u"https://files.example.org/job%1.iso"_s.arg(id));
    job.progress.total = 100 * MiB;
    job.progress.done = state == JobState::Succeeded ? 100 * MiB : 0;
    return job;
}

QList<JobSnapshot> sampleJobs()
{
    JobSnapshot big = running(1, u"https://cdimage.example.org/debian-12.11.0-amd64-DVD-1.iso"_s,
                              {.stage = Stage::Transferring,
                               .done = 2150 * MiB,
                               .total = 3827 * MiB,
                               .bytesPerSecond = 46 * MiB,
                               .etaSeconds = 37});
    big.details.segments = fourSegments(big.progress.total);
    JobSnapshot paused = named(5, JobState::Paused, u"https://data.example.org/maps/europe.pbf"_s);
    paused.progress = {.done = 12'400 * MiB, .total = 28'900 * MiB};
    JobSnapshot done = named(6, JobState::Succeeded, u"https://example.org/qt-6.4.2.tar.xz"_s);
    done.progress = {.done = 642 * MiB, .total = 642 * MiB};
    done.details.sha256 = Digest;
    JobSnapshot canceled = named(9, JobState::Canceled, u"https://example.org/holiday.mp4"_s);
    canceled.progress.total = 88 * MiB;
    return {big,
            running(2, u"https://mirror.example.net/fedora-40.iso"_s,
                    {.stage = Stage::Hashing, .done = 2000 * MiB, .total = 2000 * MiB}),
            running(3, u"https://stream.example.org/backup.tar.zst"_s,
                    {.stage = Stage::Transferring, .done = 311 * MiB, .bytesPerSecond = 3 * MiB}),
            named(4, JobState::Queued, u"https://example.org/ubuntu-24.04-server.iso"_s),
            paused,
            done,
            failed(7, u"https://example.org/tools.zip"_s,
                   {core::ErrorCode::NoSpace, u"/home/ada/Downloads/tools.zip"_s}),
            failed(8, u"https://example.org/firmware.img.gz"_s,
                   {core::ErrorCode::ChecksumMismatch, u"expected %1, got 4e1f…"_s.arg(Digest)}),
            canceled};
}

QList<JobSnapshot> sampleKinds()
{
    JobSnapshot video = running(10, u"https://video.example.org/watch?v=1"_s,
                                {.stage = Stage::Writing, .done = 420 * MiB, .total = 420 * MiB});
    video.kind = core::JobKind::Media;
    video.details.title = u"A talk about bytes"_s;
    JobSnapshot archive =
        running(11, u"job 7"_s, {.stage = Stage::Extracting, .done = 40 * MiB, .total = 96 * MiB});
    archive.kind = core::JobKind::Extract;
    archive.details.title = u"tools.zip"_s;
    JobSnapshot command = named(12, JobState::Succeeded, u"job 6"_s);
    command.kind = core::JobKind::Command;
    command.details.title = u"qt-6.4.2.tar.xz"_s;
    return {video, archive, command};
}

JobSnapshot sampleFlash()
{
    JobSnapshot job = running(13, u"/home/ada/Downloads/debian-13.iso"_s,
                              {.stage = Stage::Writing,
                               .done = 9300 * MiB,
                               .total = 4 * 2 * 3827 * MiB,
                               .bytesPerSecond = 61 * MiB,
                               .etaSeconds = 350});
    job.kind = core::JobKind::Flash;
    job.details.target.clear();
    job.details.drives = {{.id = u"usb-Kingston_DataTraveler_60A44Cb-0:0"_s,
                           .state = JobState::Running,
                           .done = 1900 * MiB},
                          {.id = u"usb-Kingston_DataTraveler_60A44Cc-0:0"_s,
                           .state = JobState::Running,
                           .done = 5900 * MiB},
                          {.id = u"usb-Kingston_DataTraveler_60A44Cd-0:0"_s,
                           .state = JobState::Succeeded,
                           .done = 2 * 3827 * MiB},
                          {.id = u"usb-SanDisk_Ultra_4C53-0:0"_s,
                           .state = JobState::Failed,
                           .done = 700 * MiB,
                           .error = core::Error{core::ErrorCode::DeviceGone, u"/dev/sdf"_s}}};
    return job;
}

} // namespace tests
