#pragma once
#include "core/drives/drive.h"

namespace core {

/// The drives that a step was agreed for, and in which run of the kernel: what it counts begins anew then.
struct PinnedDrives {
    QString boot;
    QList<DriveIdentity> drives;
    friend bool operator==(const PinnedDrives &, const PinnedDrives &) = default;
};

/// As WorkflowStep::drives keeps them. What cannot be read is none.
[[nodiscard]] QByteArray encodePinned(const PinnedDrives &pinned);
[[nodiscard]] PinnedDrives decodePinned(const QByteArray &stored);

} // namespace core
