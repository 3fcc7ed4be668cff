#pragma once
#include "core/base/clock.h"
#include "core/drives/drivetrace.h"
#include "core/drives/flashticket.h"
#include "core/flash/flashspec.h"
#include "core/jobs/jobthreads.h"

#include <QObject>

#include <functional>

namespace core {

/// The image of `spec` as it is at this moment; of a URL no more than what was asked for. Blocks.
/// Fails with `FileAccess` when there is no such file.
[[nodiscard]] Result<ImageIdentity> imageIdentity(const FlashSpec &spec);

/// What has to be known of an image before anyone is asked, and of the drives it goes to.
struct ImageSurvey {
    ImageIdentity image;
    QList<DriveIdentity> drives; ///< that it lies on
    QList<SeenDrive> seen = {}; ///< all drives as they are at this moment
};

/// Looks at images away from the hub thread: the network folder that one lies in may be gone.
///
/// Threads: lives on the hub thread; answers are given there.
class ImageSurveyor final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ImageSurveyor)
public:
    using Answer = std::function<void(const Result<ImageSurvey> &)>;

    explicit ImageSurveyor(QObject *parent = nullptr)
        : QObject(parent)
    { }

    /// The files must lie in one of the folders, links followed; no folders: anywhere. Fails with
    /// `NotFound` without an image, as imageIdentity(), and with `Forbidden`.
    void look(const FlashSpec &spec, const QStringList &folders, Answer answer);
    /// Waits at most `timeout` for what was begun. False when something still goes on.
    [[nodiscard]] bool waitForIdle(Milliseconds timeout) { return m_threads.waitForIdle(timeout); }

private:
    JobThreads m_threads;
};

} // namespace core
