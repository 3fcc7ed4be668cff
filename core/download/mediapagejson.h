#pragma once
#include "core/base/result.h"

#include <QList>
#include <QString>
#include <QUrl>

namespace core {

/// What yt-dlp found behind a page.
struct MediaPage {
    struct Item {
        QUrl url;
        QString title; ///< may be empty
        friend bool operator==(const Item &, const Item &) = default;
    };
    QString title;
    bool isList = false;
    /// What a list holds, those without a usable URL left out.
    QList<Item> items;
    /// Where one video is fetched from, as far as the page tells.
    QList<QUrl> addresses;
    /// Bytes of each file that will be fetched for one video, -1 where it is not known.
    QList<qint64> sizes;
    friend bool operator==(const MediaPage &, const MediaPage &) = default;
};

/// Reads what `yt-dlp -J --flat-playlist` printed. Fails with `ProtocolViolation` when it is no such
/// object.
[[nodiscard]] Result<MediaPage> mediaPageFromJson(const QByteArray &text);

} // namespace core
