#pragma once
#include "core/base/principal.h"
#include "core/drives/drivelist.h"
#include "core/flash/flashspec.h"
#include "core/jobs/jobtypes.h"

namespace core {

struct TargetRules;

/// A flash that was agreed to, as a job keeps it.
struct AgreedFlash {
    FlashSpec spec;
    /// The drives as they were when that was agreed, in the order of the spec.
    QList<DriveIdentity> drives;
    friend bool operator==(const AgreedFlash &, const AgreedFlash &) = default;
};

/// Makes the job of a flash that is asked for: finds the drives, checks that they may be written, and that
/// whoever asks named each of them to be erased.
///
/// Threads: used on the hub thread; touches no drive.
class FlashIntake
{
public:
    explicit FlashIntake(const DriveList &drives)
        : m_drives(drives)
    { }

    /// Drives may be named by id or by path. Fails as checkSpec() does, with `NotFound` for a drive that
    /// there is not, and as FlashTicket: `Forbidden` saying why one may not be written,
    /// `ConfirmationRequired` saying what would be erased when `erase` does not name every drive.
    [[nodiscard]] Result<JobSnapshot>
    jobFor(const Principal &who, FlashSpec spec, const TargetRules &rules) const;

private:
    [[nodiscard]] Result<QList<Drive>> drivesOf(const FlashSpec &spec) const;

    const DriveList &m_drives;
};

} // namespace core
