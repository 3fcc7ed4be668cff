#pragma once
#include "core/base/result.h"

#include <QByteArray>

namespace core {

/// Who else may read a file for it to be used.
enum class ReadableBy { Anyone, OwnerOnly };

/// The content of a regular file of at most `mostBytes`. A name that leads to a device or a pipe is
/// refused without waiting for it. Fails with `FileAccess`; the context names the path and, for
/// OwnerOnly, how to close the file to others.
[[nodiscard]] Result<QByteArray>
readSmallFile(const QString &path, qint64 mostBytes, ReadableBy readableBy);

} // namespace core
