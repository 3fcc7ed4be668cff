#pragma once
#include "core/base/files.h"

#include <chrono>

namespace core {

/// A regular file that was opened to be read, and what it was then.
struct OpenFile {
    FileDescriptor descriptor;
    QString path;
    qint64 size = 0; // bytes
    std::chrono::nanoseconds modifiedAt{0}; // since 1970
    quint64 inode = 0;
    /// All of it is in memory (tmpfs): reading never waits.
    bool isInMemory = false;
};

/// Fails with `NotFound` when there is no regular file at `path` that we may read. Takes as long as its
/// disk does, which may be for ever: not for the hub thread.
[[nodiscard]] Result<OpenFile> openRegularFile(const QString &path);

} // namespace core
