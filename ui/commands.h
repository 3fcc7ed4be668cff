#pragma once
#include "core/drives/drive.h"
#include "core/driveservice.h"
#include "core/flash/flashspec.h"
#include "core/jobs/jobtypes.h"
#include "core/jobservice.h"
#include "core/store/settings.h"

#include <functional>

namespace ui {

enum class JobVerb { Pause, Resume, Cancel, Retry };

/// A flash that the user agreed to.
struct FlashOrder {
    /// Names every drive in `erase` too.
    core::FlashSpec spec;
    /// The drives with the media that the user was shown.
    QList<core::DriveIdentity> seen;
};

/// Other work on a drive that the user asked for; a spec that erases it names it in `erase`.
struct DriveOrder {
    core::DriveService::Spec spec;
    /// The drive with the medium that the user was shown.
    core::DriveIdentity seen;
};

/// What the window needs done. Nothing here waits: each call returns at once, and its answer comes
/// once, on the UI thread, possibly long after; what changed is learned from the jobs' events.
class Commands
{
public:
    using Answer = std::function<void(const core::Result<void> &)>;
    using Added = std::function<void(const core::Result<core::JobId> &)>;

    virtual ~Commands() = default;
    virtual void add(const core::JobService::AddDownload &request, Added answer) = 0;
    using Names = std::function<void(const QStringList &)>;
    /// The categories a download may be put in.
    virtual void listCategories(Names answer) = 0;
    /// The job that is for the same link; fails with `NotFound` when there is none.
    virtual void findTwin(const QUrl &url, Added answer) = 0;
    virtual void tell(core::JobId id, JobVerb verb, Answer answer) = 0;
    virtual void move(core::JobId id, core::QueuePlace place, Answer answer) = 0;
    /// Bytes per second, 0: no limit.
    virtual void setLimit(core::JobId id, qint64 bytesPerSecond, Answer answer) = 0;
    /// Of all downloads together.
    virtual void setTotalLimit(qint64 bytesPerSecond, Answer answer) = 0;
    using SettingList = std::function<void(const QList<core::Settings::Entry> &)>;
    /// All settings, in the order of their table.
    virtual void listSettings(SettingList answer) = 0;
    virtual void setSetting(const QString &key, const QVariant &value, Answer answer) = 0;
    virtual void refreshUrl(core::JobId id, const QUrl &url, Answer answer) = 0;
    /// Fails, before anything is written, with `DeviceGone` when a drive is not the one that was seen.
    virtual void flash(const FlashOrder &order, Added answer) = 0;
    /// Fails as flash().
    virtual void work(const DriveOrder &order, Added answer) = 0;
    /// Makes the drive safe to pull out. Fails as flash().
    virtual void eject(const core::DriveIdentity &seen, Answer answer) = 0;
    /// Says yes to the question of that job, naming every drive.
    virtual void agree(core::JobId id, const QStringList &erase, Answer answer) = 0;
    virtual void remove(core::JobId id, core::RemoveFiles files, Answer answer) = 0;
};

} // namespace ui
