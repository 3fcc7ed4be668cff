#pragma once
#include "core/base/clock.h"
#include "core/sourceindex.h"
#include "core/targetrules.h"

#include <QSet>

#include <functional>

namespace core {

class Settings;

/// Makes the job of a download that is asked for: completes the spec from the settings, checks what
/// may be fetched and where to, and looks for what is there already.
///
/// Threads: used on the hub thread.
class DownloadIntake
{
public:
    struct Surroundings {
        const Clock &clock;
        const JobRegistry &registry;
        const Settings &settings;
        /// Absolute folder of --download-dir; empty: the setting download.folder holds.
        QString fixedFolder;
        /// Ports of our own listeners, refused as a download target.
        std::function<QList<quint16>()> ownPorts;
    };

    explicit DownloadIntake(Surroundings surroundings);

    /// Gives `spec` its folder, unless each file of it gets its own, and what the settings say of files
    /// that exist; then checks it.
    [[nodiscard]] Result<void> complete(const Principal &who, DownloadSpec &spec) const;
    /// A file of a job that `who` may not see is not overwritten: the name is numbered then.
    void spareFilesOfOthers(const Principal &who, DownloadSpec &spec) const;
    /// The job for a complete spec; one that has nothing to do has succeeded already. Fails with
    /// `FileExists` when the spec says ask and there is something to be asked about.
    [[nodiscard]] Result<JobSnapshot>
    jobFor(const Principal &who, const DownloadSpec &spec, const QSet<QString> &there);
    /// The files that jobFor() and findTwin() want to know about: which of them are `there`.
    [[nodiscard]] QStringList filesToLookAt(const Principal &who, const DownloadSpec &spec);
    [[nodiscard]] QStringList filesOf(const Principal &who, const QUrl &url);
    /// The oldest job that `who` may see that fetches `url`, or has fetched it and its file is there.
    [[nodiscard]] std::optional<JobSnapshot>
    findTwin(const Principal &who, const QUrl &url, const QSet<QString> &there);

    [[nodiscard]] TargetRules targetRules() const;
    /// Where downloads without a `to` go.
    [[nodiscard]] FolderChoice folders() const;

private:
    [[nodiscard]] std::optional<IfExists> usualIfExists() const;

    Surroundings m_surroundings;
    SourceIndex m_sources;
};

} // namespace core
