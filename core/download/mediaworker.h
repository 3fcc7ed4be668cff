#pragma once
#include "core/download/childprocess.h"
#include "core/download/mediacommand.h"
#include "core/download/mediacookies.h"
#include "core/download/medialinejson.h"
#include "core/download/mediapagejson.h"
#include "core/download/targetguard.h"
#include "core/jobs/jobworker.h"

#include <functional>

namespace core {

class MediaProgress;

/// What a media job needs besides its spec.
struct MediaPlace {
    /// Adds a job for each item of a list, unless an earlier run did; answers how many there are.
    /// Called on the job's thread; may wait for the hub thread until `stop`.
    using AddItems =
        std::function<Result<int>(const QList<MediaItem> &items, const std::stop_token &stop)>;

    /// Absolute folder the file goes to; made when missing.
    QString folder;
    /// Names the job among all jobs that may ever write into this folder.
    QString jobKey;
    AddItems addItems;
    /// Absolute folder that only the user may read, for secrets; empty: the job's hidden one.
    QString privateFolder = {};
    /// Ports of our own listeners, which no page may lead to.
    QList<quint16> ownPorts = {};
    /// TargetGuard's; null: the system's.
    HostLookup lookup = {};
    /// Bytes per second that all jobs may have when the run begins (yt-dlp is told once), 0: no limit.
    qint64 totalLimit = 0;
};

/// Fetches a video or sound through yt-dlp, which is looked for in PATH.
///
///   a hidden folder of the job's own  nothing of an unfinished run is ever under a final name
///     → resolve: what is behind the page; a list becomes jobs of its own and this one is done
///     → fetch: yt-dlp's own part files go on after a stop
///   → the result gets the title's name, "name (1)" when that is taken, and its SHA-256
///
/// Fails with `Unsupported` when yt-dlp or what it needs is missing, else as mediaError says.
class MediaWorker final : public JobWorker
{
public:
    MediaWorker(MediaSpec spec, MediaPlace place);

    [[nodiscard]] Result<Outcome> run(std::stop_token stop, ProgressCell &progress) override;
    /// Whether yt-dlp finds something behind the page. For run()'s thread, before it; what was found is
    /// not looked for again.
    [[nodiscard]] bool knowsPage(const std::stop_token &stop, ProgressCell &progress);
    void discard() override;
    void conclude() override { discard(); }

private:
    [[nodiscard]] Result<Outcome> work();
    void tidy() const;
    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<Outcome> resolve();
    [[nodiscard]] Result<void> checkPage() const;
    [[nodiscard]] Result<void> checkAddresses() const;
    [[nodiscard]] TargetGuard guard() const;
    [[nodiscard]] Result<Outcome> addItems();
    [[nodiscard]] Result<Outcome> fetch();
    void onLine(const MediaLine &line, MediaProgress &sum);
    [[nodiscard]] Result<Outcome> place();
    [[nodiscard]] QString placedBefore() const;
    [[nodiscard]] Result<void> placeCompanions(const QString &path);
    [[nodiscard]] Result<Outcome> finish(const QString &path);
    [[nodiscard]] Result<Outcome> call(const QStringList &arguments,
                                       const ChildProcess::OnLine &onLine);
    [[nodiscard]] QString finalName() const;
    [[nodiscard]] QString madeFile() const { return m_staging.folder + QLatin1StringView("/made"); }

    const MediaSpec m_spec;
    const MediaPlace m_place;
    MediaStaging m_staging;
    MediaCookies m_cookies;
    std::stop_token m_stop; ///< of the run
    ProgressCell *m_progress = nullptr; ///< of the run
    QString m_program;
    MediaPage m_page;
    bool m_isResolved = false;
    QString m_made; ///< what yt-dlp made, in the staging folder
};

} // namespace core
