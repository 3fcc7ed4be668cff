#pragma once
#include "core/base/principal.h"
#include "core/drives/drivelist.h"
#include "core/flash/comparespec.h"
#include "core/flash/formatspec.h"
#include "core/flash/readspec.h"
#include "core/jobs/jobtypes.h"

namespace core {

struct TargetRules;

/// What is done with a drive, and the drive as it was when that was asked for: what a job keeps.
template<typename Spec>
struct OnDrive {
    Spec spec;
    DriveIdentity drive;
    friend bool operator==(const OnDrive &, const OnDrive &) = default;
};

/// Makes the jobs that read a drive, compare it, or format it.
///
/// Threads: used on the hub thread; touches no drive and no file.
class DriveIntake
{
public:
    explicit DriveIntake(const DriveList &drives)
        : m_drives(drives)
    { }

    /// By id or path. Fails with `NotFound`.
    [[nodiscard]] Result<Drive> find(const QString &name) const;

    /// They fail as checkSpec() does, with `NotFound` for a drive that there is not, and with `Forbidden`
    /// for one that the policy refuses, and for files outside of the folders unless `who` is admin.
    /// What is on a drive becomes known to who reads it: that needs the scope of a flash, which
    /// DriveService asks for.
    [[nodiscard]] Result<JobSnapshot>
    jobFor(const Principal &who, ReadSpec spec, const TargetRules &rules) const;
    [[nodiscard]] Result<JobSnapshot>
    jobFor(const Principal &who, CompareSpec spec, const TargetRules &rules) const;
    /// Also fails with `ConfirmationRequired`, saying what would be erased, when `erase` does not name
    /// the drive.
    [[nodiscard]] Result<JobSnapshot>
    jobFor(const Principal &who, FormatSpec spec, const TargetRules &rules) const;

private:
    [[nodiscard]] Result<Drive> readable(const QString &name) const;

    const DriveList &m_drives;
};

} // namespace core
