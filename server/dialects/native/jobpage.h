#pragma once
#include "core/jobs/jobtypes.h"

namespace server {

/// Which jobs a list is to hold.
struct JobFilter {
    static constexpr qsizetype MaxJobs = 1000;
    /// Of encoded jobs in one page, so that its message stays below 256 KiB.
    static constexpr qsizetype MaxBytes = qsizetype(200) << 10;

    std::optional<core::JobState> state;
    std::optional<core::JobKind> kind;
    /// Only jobs older than this one.
    std::optional<core::JobId> before;
    qsizetype limit = MaxJobs;
    qsizetype maxBytes = MaxBytes;
};

/// One page of a list of jobs, newest first.
struct JobPage {
    /// Encoded: `[{…},…]`.
    QByteArray jobs;
    /// The `before` of the page that follows; none after the last.
    std::optional<core::JobId> next;

    /// `"jobs":[…],"next":"12"`, to stand in an object.
    [[nodiscard]] QByteArray members() const;
};

/// The newest of `jobs` that pass `filter`; at least one, however large.
[[nodiscard]] JobPage pageOf(QList<core::JobSnapshot> jobs, const JobFilter &filter);

} // namespace server
