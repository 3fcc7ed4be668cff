#pragma once
#include "core/jobservice.h"
#include "ui/text/addproblemtext.h"

#include <QDateTime>

namespace ui {

/// What stands in the fields of the add dialog.
struct AddForm {
    /// One link per line; empty lines do not count.
    QString links;
    /// "" means the download folder.
    QString folder;
    /// Counts only when there is one link.
    QString name;
    /// Count only for one link to a file. The checksum as checksumFromText() reads it; other links to
    /// the same file, one per line.
    QString checksum;
    QString mirrors;
    /// Counts only for files without a checksum: whether one is looked for beside the file.
    enum class LookForChecksum { No, Yes } lookForChecksum = LookForChecksum::No;
    /// "": as the rules say.
    QString category;
    /// 0: as many as the settings say.
    int connections = 0;
    /// Bytes per second as core::parseBytes() reads them; "": no limit.
    QString speedLimit;
    enum class Unpack { No, Yes } unpack = Unpack::No;
    core::RequestSpec request;
    /// "Name: value" per line.
    QString headers;
    enum class Start { Queued, Paused } start = Start::Queued;
    /// Not valid: not chosen. A start does not count when the download is added paused.
    QDateTime startAt;
    QDateTime stopAt;
    /// What follows besides, in this order.
    QList<core::AfterAction> after;
    /// Video and Sound: what yt-dlp finds behind the links, to which a checksum, mirrors and unpacking
    /// do not apply.
    enum class Fetch { File, Video, Sound } fetch = Fetch::File;
    /// Count only for Video. A format selector of yt-dlp, "" for the best; languages such as "en, de".
    QString format;
    QString subtitles;
};

/// The downloads it asks for, or the first thing that is wrong with it.
struct AddRequest {
    QList<core::JobService::AddDownload> downloads;
    AddProblem problem = AddProblem::None;
    /// The text at fault.
    QString value;
};

/// Lines of the form that hold something, each once, without white space around them.
[[nodiscard]] QStringList linkLines(const QString &links);

/// Looks at the file system to check folders and files, and at the clock to check times.
[[nodiscard]] AddRequest checked(const AddForm &form);

} // namespace ui
