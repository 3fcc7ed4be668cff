#pragma once
#include <QByteArray>
#include <QString>

#include <variant>

namespace core {

/// How far yt-dlp is with one file.
struct MediaFetched {
    QString file;
    qint64 done = 0;
    qint64 total = -1; ///< -1: not known; of fragments it is estimated and moves
    bool isFinished = false;
    friend bool operator==(const MediaFetched &, const MediaFetched &) = default;
};
/// yt-dlp works on files that are fetched: "Merger", "ExtractAudio", …
struct MediaProcessing {
    QString step;
    friend bool operator==(const MediaProcessing &, const MediaProcessing &) = default;
};
/// The file that came out, absolute.
struct MediaMade {
    QString path;
    friend bool operator==(const MediaMade &, const MediaMade &) = default;
};
/// Anything else that it prints.
struct MediaOther {
    friend bool operator==(const MediaOther &, const MediaOther &) = default;
};
using MediaLine = std::variant<MediaOther, MediaFetched, MediaProcessing, MediaMade>;

/// Beginnings of the lines, given to yt-dlp as templates.
inline constexpr char MediaProgressMark[] = "dray-progress ";
inline constexpr char MediaProcessingMark[] = "dray-processing ";
inline constexpr char MediaMadeMark[] = "dray-made ";

/// Reads one line that yt-dlp printed, without its end.
[[nodiscard]] MediaLine mediaLineFromJson(const QByteArray &line);

} // namespace core
