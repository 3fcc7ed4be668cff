#pragma once
#include "core/base/result.h"
#include "core/flash/bmap.h"

namespace core {

/// Reads the text of the bmap file at `path`: versions 1.2, 1.3, 1.4 and 2.x of the format. The text may
/// be anybody's: no entity is expanded, and every number must agree with the others.
/// Fails with `ChecksumMismatch` when the file's checksum of itself is wrong, with `Unsupported` for
/// another version or an unknown sort of checksum, else with `InvalidArgument`, naming the value.
[[nodiscard]] Result<Bmap> readBmap(const QByteArray &text, const QString &path);

/// The same with the text in the file. Also fails with `FileAccess`, and with `Unsupported` when it is
/// no plain file or larger than 16 MiB.
[[nodiscard]] Result<Bmap> loadBmap(const QString &path);

} // namespace core
