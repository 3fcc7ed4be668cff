#pragma once
#include "core/base/result.h"
#include "core/jobs/jobstate.h"

#include <QList>
#include <QString>

#include <optional>

namespace core {

/// One step of a job that has steps. `progress` is 0 to 1.
struct JobStep {
    QString title;
    JobState state = JobState::Queued;
    double progress = 0;
    friend bool operator==(const JobStep &, const JobStep &) = default;
};

/// One drive of a flash job.
struct JobDrive {
    QString id;
    JobState state = JobState::Queued;
    qint64 done = 0;
    std::optional<Error> error;
    friend bool operator==(const JobDrive &, const JobDrive &) = default;
};

/// One byte range `[begin, end)` fetched by one request; `done` bytes of it are here.
struct JobSegment {
    qint64 begin = 0;
    qint64 end = 0;
    qint64 done = 0;
    friend bool operator==(const JobSegment &, const JobSegment &) = default;
};

/// What a worker finds out about its job besides numbers. Empty strings mean "not known yet".
struct JobDetails {
    /// What the job turned out to be, when it is another kind than it was added as.
    std::optional<JobKind> becomes;
    QString title;
    QString message;
    /// Absolute path of the file that is being made.
    QString target;
    QString movedFrom; ///< where a job's file was that this one moved to `target`; not stored
    /// Lower-case hexadecimal digest of the finished work.
    QString sha256;
    QList<JobStep> steps;
    QList<JobDrive> drives;
    QList<JobSegment> segments;
    friend bool operator==(const JobDetails &, const JobDetails &) = default;
};

} // namespace core
