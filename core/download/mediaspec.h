#pragma once
#include "core/download/downloadspec.h"

#include <QStringList>

namespace core {

/// What a media job chooses of what yt-dlp finds behind a page.
struct MediaChoice {
    /// A format selector of yt-dlp, such as "bv*[height<=1080]+ba/b"; empty: the best.
    QString format;
    bool isAudioOnly = false;
    /// Language codes, or expressions over them such as "en.*".
    QStringList subtitles;
    friend bool operator==(const MediaChoice &, const MediaChoice &) = default;
};

/// What the user asked to fetch through yt-dlp (PROTOCOL.md §1, specs).
struct MediaSpec {
    /// The page, and how it is asked for. `connections` fragments are fetched at once; `name` is the
    /// file's name, whose extension is the one of what was found.
    DownloadSpec page;
    MediaChoice choice;
    /// Found in a list: a list behind it is not followed.
    bool isItem = false;
    friend bool operator==(const MediaSpec &, const MediaSpec &) = default;
};

/// One of a list.
struct MediaItem {
    MediaSpec spec;
    QString title; ///< empty when the list gives none
    friend bool operator==(const MediaItem &, const MediaItem &) = default;
};

} // namespace core
