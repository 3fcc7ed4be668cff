#pragma once
#include "core/jobs/jobtypes.h"

#include <QFile>

namespace tests {

/// The messages in tests/server/dialects/golden/NAME.txt, one a line.
[[nodiscard]] inline QByteArrayList golden(const QString &name)
{
    QFile file(QStringLiteral(GOLDEN_DIR "/%1.txt").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no golden file %s", qPrintable(file.fileName()));
    return file.readAll().trimmed().split('\n');
}

/// Job 12 as the golden files tell it.
[[nodiscard]] inline core::JobSnapshot goldenJob(core::JobState state)
{
    core::JobSnapshot job{.id = {12},
                          .owner = QStringLiteral("local"),
                          .state = state,
                          .source = QStringLiteral("http://example.com/a.iso")};
    if (state == core::JobState::Queued)
        return job;
    job.details.target = QStringLiteral("/home/u/größe \"a\".iso");
    job.progress = {core::Stage::Transferring, 455'000, 1'000'000, 1'024'000, 30};
    if (state == core::JobState::Succeeded)
        job.progress.done = job.progress.total;
    if (state == core::JobState::Failed)
        job.error = core::Error{core::ErrorCode::NoSpace, QStringLiteral("/data")};
    return job;
}

/// The same while it runs.
[[nodiscard]] inline core::JobSnapshot goldenRunning(qint64 done, qint64 total)
{
    core::JobSnapshot job = goldenJob(core::JobState::Running);
    job.progress.done = done;
    job.progress.total = total;
    if (total < 0)
        job.progress.etaSeconds = -1;
    return job;
}

/// One row for each golden file that both download dialects have.
struct GoldenRow {
    const char *name;
    core::JobSnapshot job;
};
[[nodiscard]] inline QList<GoldenRow> goldenRows()
{
    using core::JobState;
    return {{"queued", goldenJob(JobState::Queued)},
            {"downloading", goldenJob(JobState::Running)},
            {"downloadingunknown", goldenRunning(455'000, -1)},
            {"almost", goldenRunning(999'999, 1'000'000)},
            {"paused", goldenJob(JobState::Paused)},
            {"completed", goldenJob(JobState::Succeeded)},
            {"error", goldenJob(JobState::Failed)},
            {"canceled", goldenJob(JobState::Canceled)}};
}

} // namespace tests
