#pragma once
#include "core/flash/verify.h"

#include <QString>
#include <QStringList>
#include <QUrl>

namespace core {

/// What the user asked to write to drives (PROTOCOL.md §1, specs).
struct FlashSpec {
    enum class Keep { No, Yes };

    /// Absolute path of the image's file; empty when there is a URL, and where a partition alone is asked
    /// for until FlashIntake::complete.
    QString image;
    /// Where the image is downloaded from while it is written; empty when there is a file.
    QUrl url;
    /// Ids of the drives, at least one, each once.
    QStringList drives;
    /// SHA-256 of the image or of its file, lower-case hexadecimal; empty: none is known.
    QString sha256;
    /// Absolute path of a bmap file; empty: none.
    QString bmap;
    /// GPT name of the partition that is written instead of the whole drive; empty: the drive.
    QString partition;
    Verify verify = Verify::Yes;
    /// How fast each drive is written at most, 0: as fast as it goes.
    qint64 bytesPerSecond = 0;
    /// Whether the downloaded file stays.
    Keep keep = Keep::No;
    /// Ids or serials of the drives that the asker knows to be erased.
    QStringList erase;
    friend bool operator==(const FlashSpec &, const FlashSpec &) = default;
};

} // namespace core
