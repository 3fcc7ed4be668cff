#pragma once
#include "core/base/clock.h"
#include "core/flash/verify.h"
#include "core/jobs/jobworker.h"

namespace core {

/// What the flash of one drive cost.
struct DriveFigures {
    qint64 bytes = 0; ///< of the image, as far as it came
    qint64 writtenBytes = 0; ///< of these; the rest was on the drive already
    Milliseconds writing{0}; ///< from the first write to the flush
    Milliseconds verifying{0};
    int rewrites = 0; ///< of extents that did not read back
};

/// How the flash of one drive ended.
struct DriveResult {
    QString drive; ///< its id
    Result<Outcome> outcome = Outcome::Stopped;
    Verify verify = Verify::Yes;
    DriveFigures figures;
    /// SHA-256 of the image, lower-case hexadecimal; empty when it was not read to its end.
    QString sha256;
};

/// Called before the first write to a drive; when it fails, nothing is written. May wait.
/// Threads: called on the drive's thread.
using TouchDrive = std::function<Result<void>(const QString &id, const std::stop_token &stop)>;

/// What happens when a drive has ended. Each may be empty.
/// Threads: called on the drive's thread.
struct AfterDrive {
    /// Looks at a drive that is not complete, before its descriptor is closed: flushed, and nobody else
    /// has it yet.
    std::function<void(const QString &id)> leave;
    // Its descriptor is closed.
    /// Makes its partitions known to the system.
    std::function<Result<void>(const QString &id, const std::stop_token &stop)> release;
    std::function<void(const DriveResult &)> record;
};

} // namespace core
