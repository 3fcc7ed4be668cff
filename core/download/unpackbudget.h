#pragma once
#include "core/base/result.h"
#include "core/base/units.h"

#include <QString>

namespace core {

/// What unpacking may take of a file system: a small archive can hold more than any disk.
///
///   every entry is counted, and at least one block of the disk for it
///   after every 4 MiB: enough has to be free for the system and other programs to go on
///
/// Threads: used on one.
class UnpackBudget
{
public:
    struct Limits {
        qint64 entries = 1'000'000;
        /// What stays free: these bytes, or a twentieth of the file system where that is less.
        qint64 bytesKeptFree = 512_MiB;
    };

    /// `folder` lies on the file system that is written to.
    UnpackBudget(QString folder, Limits limits)
        : m_folder(std::move(folder))
        , m_limits(limits)
    { }

    /// Counts an entry. Fails with `LimitExceeded` when there are too many, else as takeBytes().
    [[nodiscard]] Result<void> takeEntry();
    /// Counts bytes that were written. Fails with `NoSpace` when too little is free.
    [[nodiscard]] Result<void> takeBytes(qint64 bytes);

private:
    [[nodiscard]] Result<void> checkFree() const;

    const QString m_folder;
    const Limits m_limits;
    qint64 m_entries = 0;
    qint64 m_uncheckedBytes = 0;
};

} // namespace core
