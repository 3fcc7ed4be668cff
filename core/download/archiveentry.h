#pragma once
#include "core/base/result.h"

#include <QString>

namespace core {

/// Where an entry of an archive may go. Pure.
///
/// An archive is untrusted input: its names may be absolute, climb out by "..", or pass through a link
/// that an earlier entry made. What is answered here is relative, has no "." or ".." and cannot leave
/// the folder it is joined to.

/// The path of the entry `name` below the folder; empty for the folder itself ("./").
/// Fails with `Unsupported`, naming the entry, when it is absolute, has "..", or cannot be a path.
[[nodiscard]] Result<QString> entryPath(const QString &name);

/// Whether a link at `path` (as entryPath gave it) with the content `target` stays below the folder:
/// relative, and ".." only at its beginning, at most as often as `path` is deep. When every link holds
/// to that, no chain of them leads out.
[[nodiscard]] bool isLinkInside(const QString &path, const QString &target);

/// "disk.tar.gz" → "disk": the name of the folder an archive is unpacked to.
[[nodiscard]] QString unpackedName(const QString &archiveName);

} // namespace core
