#pragma once
#include <QByteArray>
#include <QString>
#include <QUrl>

namespace core {

/// Longest name of a download in bytes of UTF-8: 255, the limit of file systems, less the room for
/// ".part.journal.tmp" and a number.
inline constexpr qsizetype MaxFileNameBytes = 230;

/// The file name a Content-Disposition header gives (RFC 6266; `filename*` by RFC 8187 wins), not
/// yet made safe; empty when it gives none. Lenient about what real servers send: raw UTF-8 or
/// Latin-1 bytes, unquoted spaces, missing closing quote, garbage after the value.
[[nodiscard]] QString nameFromContentDisposition(const QByteArray &header);

/// The last segment of the URL's path, percent-decoded, not yet made safe; may be empty.
[[nodiscard]] QString nameFromUrl(const QUrl &url);

/// Whether a part file, its journal or what a move works with could be named so: such names are no
/// download's.
[[nodiscard]] bool isNameOfPart(const QString &name);

/// `name` as one path segment that every file system takes and no terminal or file dialog is fooled
/// by: no separators, control or bidi characters, no leading dot, no trailing dot or space, no
/// name reserved by Windows, NFC, at most MaxFileNameBytes with the extension kept.
/// "download" when nothing is left.
[[nodiscard]] QString safeFileName(const QString &name);

/// The name of a download: Content-Disposition, else the URL, made safe.
[[nodiscard]] QString downloadName(const QByteArray &contentDisposition, const QUrl &url);

/// "a.tar.gz", 1 → "a (1).tar.gz"; 0 gives the name itself.
[[nodiscard]] QString numberedName(const QString &name, int number);

} // namespace core
