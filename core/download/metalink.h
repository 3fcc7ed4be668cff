#pragma once
#include "core/base/result.h"
#include "core/download/piecehashes.h"

#include <QList>
#include <QUrl>

#include <optional>

namespace core {

/// One file that a Metalink document describes (RFC 5854 §4.1.2).
struct MetalinkFile {
    /// Folder inside the download's, "a/b"; empty: that one itself. Every part is made safe.
    QString folder;
    /// Made safe.
    QString name;
    /// In bytes, -1: not given.
    qint64 size = -1;
    /// The strongest that is given and that we know.
    std::optional<Checksum> checksum;
    /// The same of its pieces.
    std::optional<PieceHashes> pieces;
    /// Where it can be had by HTTP, the best first (RFC 5854 §4.2.16.2: priority 1 is the best).
    QList<QUrl> urls;
};

inline constexpr qsizetype MostMetalinkFiles = 10'000;

/// Reads a Metalink 4 document. What a reader may leave out (signatures, torrents, other schemes) is
/// left out. Fails with `InvalidArgument` saying what is
/// wrong in which line, with `Unsupported` for Metalink 3, with `LimitExceeded` for more than
/// MostMetalinkFiles files. Pure.
[[nodiscard]] Result<QList<MetalinkFile>> parseMetalink(const QByteArray &document);

} // namespace core
