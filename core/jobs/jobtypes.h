#pragma once
#include "core/jobs/jobdetails.h"

#include <QByteArray>
#include <QList>
#include <QMetaType>
#include <QString>

#include <optional>
#include <variant>

namespace core {

struct JobId {
    qint64 value = 0;
    friend bool operator==(JobId, JobId) = default;
    friend auto operator<=>(JobId, JobId) = default;
    friend size_t qHash(JobId id, size_t seed = 0) noexcept { return ::qHash(id.value, seed); }
    [[nodiscard]] QString toString() const { return QString::number(value); }
};

/// How far the whole work is, in bytes. `total` and `etaSeconds` are -1 while unknown.
struct Progress {
    Stage stage = Stage::None;
    qint64 done = 0;
    qint64 total = -1;
    qint64 bytesPerSecond = 0;
    qint64 etaSeconds = -1;
    friend bool operator==(const Progress &, const Progress &) = default;
};

/// Everything anyone outside core/jobs may know about one job, copied at one instant.
/// Times are wall-clock milliseconds since 1970, 0 when it has not happened.
struct JobSnapshot {
    JobId id;
    JobKind kind = JobKind::Download;
    QString owner;
    JobState state = JobState::Queued;
    /// A pause or cancel was asked for and the worker has not stopped yet.
    bool stopRequested = false;
    /// What it becomes when it has stopped, Paused or Canceled. Counts while `stopRequested`.
    JobState stopsAs = JobState::Canceled;
    Progress progress;
    JobDetails details;
    std::optional<Error> error;
    /// What the user asked for, without secrets: a URL or an image path.
    QString source;
    /// The spec as stored; only the code that made it reads it (may hold headers and cookies).
    QByteArray spec;
    /// Jobs that must have succeeded before this one starts.
    QList<JobId> prerequisites;
    /// The job whose file this one reads while it is made, and which runs, or has succeeded, before this
    /// one starts. 0: none.
    JobId fedBy;
    QString workflow;
    /// Place in the queue: smaller starts earlier. Neighbours are far apart, so that a job can be
    /// put between two others without touching them.
    qint64 position = 0;
    /// Most bytes per second, as the spec says; 0: no limit.
    qint64 speedLimit = 0;
    /// Waits in the queue, without a place, until then; 0: starts when it can.
    qint64 startAt = 0;
    /// Is paused then, if it is queued or running; 0: never.
    qint64 stopAt = 0;
    /// Waits for the hours in which downloads run; `startAt` is when they begin.
    bool waitsForHours = false;
    /// Was resumed by hand outside of these hours, and so runs at any time until it ends.
    bool ignoresHours = false;
    /// Grows by one whenever the work begins anew; `progress.done` never goes back within one.
    int attempt = 1;
    qint64 createdAt = 0;
    qint64 startedAt = 0;
    qint64 finishedAt = 0;
    /// Grows by one with every change of this job.
    qint64 rev = 1;
    friend bool operator==(const JobSnapshot &, const JobSnapshot &) = default;
};

/// What a user asks of a job, as JobSnapshot keeps it.
struct JobWish {
    QByteArray spec;
    QString source;
    qint64 speedLimit = 0;
};

struct JobAdded {
    JobSnapshot job;
};
/// A step that must not be lost: anything but the numbers and the stage of `Progress`.
struct JobChanged {
    JobSnapshot before;
    JobSnapshot job;
};
/// Only numbers, stage, or the details' segments or bytes of drives moved; the newest one says all.
struct JobProgressed {
    JobSnapshot job;
};
struct JobRemoved {
    JobId id;
    QString owner;
};
using JobChange = std::variant<JobAdded, JobChanged, JobProgressed, JobRemoved>;

/// One step of the only event stream. `sequence` grows by one per event, with no gaps.
struct JobEvent {
    quint64 sequence = 0;
    JobChange change;
};
using JobEvents = QList<JobEvent>;

} // namespace core
Q_DECLARE_METATYPE(core::JobEvents)
