#pragma once
#include "core/download/mediaspec.h"
#include "ui/text/prompttext.h"

namespace ui {

/// What stands in the fields of the add dialog.
struct AddForm {
    /// One link per line; empty lines do not count.
    QString links;
    /// "" means the download folder.
    QString folder;
    /// Count only when there is one link.
    QString name;
    QString sha256;
    /// "": as the rules say.
    QString category;
    /// 0: as many as the settings say.
    int connections = 0;
    enum class Unpack { No, Yes } unpack = Unpack::No;
    core::RequestSpec request;
    /// What follows besides, in this order.
    QList<core::AfterAction> after;
    /// Video and Sound: what yt-dlp finds behind the links, to which a checksum and unpacking do not
    /// apply.
    enum class Fetch { File, Video, Sound } fetch = Fetch::File;
    /// Count only for Video. A format selector of yt-dlp, "" for the best; languages such as "en, de".
    QString format;
    QString subtitles;
};

/// The downloads it asks for, or the first thing that is wrong with it.
struct AddRequest {
    QList<core::DownloadSpec> specs;
    /// What is fetched of every page; not given: the files at the links.
    std::optional<core::MediaChoice> media;
    AddProblem problem = AddProblem::None;
    /// The text at fault.
    QString value;
};

/// Lines of the form that hold something, without white space around them.
[[nodiscard]] QStringList linkLines(const QString &links);

/// Looks at the file system to check the folder.
[[nodiscard]] AddRequest checked(const AddForm &form);

} // namespace ui
