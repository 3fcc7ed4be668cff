#pragma once
#include "core/drives/drive.h"
#include "core/drives/systemroots.h"

#include <optional>

namespace core {

/// What tells later whether somebody used a drive, or the medium in it, since.
struct DriveTrace {
    QString id;
    /// What lies on it: partitions and file systems with their sizes and labels, but not whether they
    /// are mounted. Only good for comparing.
    QString contents = {};
    /// As writtenSectors() told.
    std::optional<qint64> writtenSectors = {};
    /// A flash may have written to it; else it is as it was when that flash was agreed to.
    bool isTouched = true;
    friend bool operator==(const DriveTrace &, const DriveTrace &) = default;
};

/// A drive and what it was like when it was seen.
struct SeenDrive {
    DriveIdentity drive;
    DriveTrace trace;
};

/// Of the drive as it is at this moment; reads no more of it than the kernel's count.
[[nodiscard]] DriveTrace traceOf(const Drive &drive, const SystemRoots &roots = {});

/// The same, once all that was written to its mounts is on it: what is in a cache would be counted later.
/// Blocks for as long as that takes; not counted where it fails.
[[nodiscard]] DriveTrace syncedTraceOf(const Drive &drive, const SystemRoots &roots = {});

/// How many sectors of 512 bytes the kernel has written to the whole device at `path` (/dev/sdb) since it
/// appeared, whoever asked for that; what is still in a cache comes later. nullopt: it does not count.
/// Kernel: Documentation/block/stat.rst, the seventh figure.
[[nodiscard]] std::optional<qint64> writtenSectors(const QString &path,
                                                   const SystemRoots &roots = {});

} // namespace core
