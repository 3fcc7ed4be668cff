#pragma once
#include "core/base/openfile.h"
#include "core/base/principal.h"
#include "core/base/result.h"
#include "core/download/folderchoice.h"

#include <QStringList>

namespace core {

class Settings;

/// Whether `path` is `folder` or in it. Looks at the text only: links are not followed.
[[nodiscard]] bool isInside(const QString &path, const QString &folder);
/// Whether the file at `path` is there and lies in one of `folders`, all links followed. Blocks.
[[nodiscard]] bool liesInside(const QString &path, const QStringList &folders);
/// Opens the regular file at `path` that lies in one of `folders`, all links followed. Fails with
/// `NotFound`, or `Forbidden` when it lies elsewhere. Blocks.
[[nodiscard]] Result<OpenFile> openInside(const QString &path, const QStringList &folders);

/// Where downloads go that name no folder, by the settings. `fixedFolder` is the absolute folder of
/// --download-dir, empty: the setting download.folder, else the desktop's.
[[nodiscard]] FolderChoice folderChoice(const Settings &settings, const QString &fixedFolder);

/// What a principal may fetch, and where it may put it (PROTOCOL.md §0.4).
struct TargetRules {
    /// The download folder, and the categories' folders that lie elsewhere.
    QStringList folders;
    /// Ports of our own listeners.
    QList<quint16> ownPorts;
    /// Where images may lie besides; empty: nowhere.
    QString imagesFolder = {};

    [[nodiscard]] bool isInFolders(const QString &path) const;
    /// Whether an image or a bmap may lie at `path`. Looks at the text only.
    [[nodiscard]] bool holdsImage(const QString &path) const;
    /// The folders that images may lie in.
    [[nodiscard]] QStringList imageFolders() const;
    /// Fails with `Forbidden` saying why.
    [[nodiscard]] Result<void> check(const Principal &who, const DownloadSpec &spec) const;

private:
    [[nodiscard]] Result<void> checkAfter(const Principal &who,
                                          const QList<AfterAction> &after) const;
    [[nodiscard]] Result<void> checkHost(const Principal &who, const QUrl &url) const;
};

} // namespace core
