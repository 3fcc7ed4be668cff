#pragma once
#include "core/jobs/jobtypes.h"

namespace core {

/// How a work ended. For a drive that was written: Verified or Unverified; for everything else that
/// succeeded: Succeeded.
enum class HistoryVerdict { Succeeded, Verified, Unverified, Failed, Canceled };

/// Its name on the wire and in the store: "verified".
[[nodiscard]] QLatin1StringView historyVerdictName(HistoryVerdict verdict);
[[nodiscard]] std::optional<HistoryVerdict> historyVerdictFromName(QStringView name);

/// What is kept of a drive that was written.
struct HistoryDrive {
    QString id;
    QString serial; ///< empty: it has none
    qint64 writtenBytes = 0; ///< of the bytes; the rest was on it already
    qint64 writeBytesPerSecond = 0; ///< 0: unknown
    qint64 verifyBytesPerSecond = 0; ///< 0: not verified
    int rewrites = 0; ///< of MiBs that did not read back
    friend bool operator==(const HistoryDrive &, const HistoryDrive &) = default;
};

/// A work that ended, as it is remembered when its job was removed: a download, or the flash of one
/// drive.
struct HistoryEntry {
    qint64 id = 0; ///< larger is later; 0 until it is stored
    qint64 finishedAt = 0; ///< wall-clock milliseconds since 1970
    JobId job;
    JobKind kind = JobKind::Download;
    QString owner;
    QString title;
    QString source; ///< without secrets: a URL or an image path
    QString target; ///< absolute path; empty: no file was made
    qint64 bytes = 0;
    QString sha256; ///< lower-case hexadecimal; empty: not known
    HistoryVerdict verdict = HistoryVerdict::Succeeded;
    std::optional<Error> error;
    std::optional<HistoryDrive> drive;
    friend bool operator==(const HistoryEntry &, const HistoryEntry &) = default;
};

} // namespace core
