#pragma once
#include "core/base/checksum.h"
#include "core/base/ifexists.h"
#include "core/base/result.h"
#include "core/download/afteraction.h"
#include "core/download/piecehashes.h"
#include "core/download/requestspec.h"

#include <QList>
#include <QString>
#include <QUrl>

namespace core {

/// A header line the user wants sent. Names compare without case.
struct HeaderLine {
    QString name;
    QString value;
    friend bool operator==(const HeaderLine &, const HeaderLine &) = default;
};

/// What the user asked to download (PROTOCOL.md §1, specs).
struct DownloadSpec {
    static constexpr int MaxConnections = 32;
    static constexpr int MaxMirrors = 16;

    /// http or https, with a host; a Metalink document may be a local file.
    QUrl url;
    /// Absolute folder the file goes to; empty: the download folder.
    QString to;
    /// Category the user chose, or the one that a rule found; decides the folder when `to` is empty.
    QString category;
    /// File name the user chose; empty: from Content-Disposition or the URL.
    QString name;
    /// Checksum to verify, lower-case hexadecimal; empty: none.
    QString sha256;
    /// The same by any algorithm; only one of the two may be given.
    std::optional<Checksum> checksum;
    /// Where to look for a checksum when none is given: the URL of a list of checksums, or "auto"
    /// for those that usually are beside the file; empty: only in the answer's headers.
    QString checksumFrom;
    /// Most requests at once, 1 to 32; 0: the setting download.connections.
    int connections = 0;
    /// Speed limit in bytes per second, 0: none.
    qint64 bytesPerSecond = 0;
    QList<HeaderLine> headers;
    /// Other URLs of the same file, asked when one fails; at most MaxMirrors.
    QList<QUrl> mirrors;
    RequestSpec request;
    /// Not given: a name the user chose must be free, any other is numbered.
    std::optional<IfExists> ifExists;
    /// Whether the URL is a Metalink 4 document, whose files become downloads.
    /// Not given: when it ends in ".meta4" and nothing is said that goes with one file only.
    std::optional<bool> isMetalink;
    /// A page at the URL that yt-dlp knows is taken as media (the kind auto of PROTOCOL.md §1).
    bool mayBeMedia = false;
    /// Added from another machine: it reaches nothing on this one.
    bool isFromElsewhere = false;
    /// Bytes the file must have, -1: whatever the server says.
    qint64 size = -1;
    /// Tell damaged pieces, which are fetched again.
    std::optional<PieceHashes> pieces;
    /// What follows when the download has succeeded, in this order.
    QList<AfterAction> after;
    friend bool operator==(const DownloadSpec &, const DownloadSpec &) = default;
};

/// The first member it has that goes with one file only; empty: none.
[[nodiscard]] QLatin1StringView memberOfOneFile(const DownloadSpec &spec);

/// Fails with `InvalidArgument` when it cannot be sent: the name is not a token, the engine sets it, or
/// the value has line ends.
[[nodiscard]] Result<void> checkHeader(const HeaderLine &line);

/// Checks what a spec says: every URL, name and number of it. Fails with `InvalidArgument`, or for URLs
/// with `InvalidUrl` or `UnsupportedScheme`, naming the member, its value and what would be right.
[[nodiscard]] Result<void> checkSpec(const DownloadSpec &spec);

} // namespace core
