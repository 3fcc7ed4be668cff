#pragma once
#include "core/base/result.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <functional>

namespace core {

/// One partition that a GUID partition table names.
struct GptPartition {
    QString name; ///< may be empty, and another's too
    qint64 offset = 0; ///< bytes from the drive's beginning
    qint64 bytes = 0;
    friend bool operator==(const GptPartition &, const GptPartition &) = default;
};

/// A drive as far as its partition table concerns it.
struct GptDrive {
    qint64 bytes = 0;
    qint64 blockBytes = 0; ///< 512 or 4096
    /// That many bytes at that offset, both in whole blocks and on the drive.
    std::function<Result<QByteArray>(qint64 offset, qint64 bytes)> read;
};

/// The partitions of a drive, in the order of the table. Rules: UEFI specification 2.10, §5.2.3 and
/// §5.3. Both tables must be there and agree, each with its checksums, behind a protective MBR; every
/// partition must lie where partitions may, and none on another.
/// Fails with `InvalidState` saying what is wrong, or as `read` does.
[[nodiscard]] Result<QList<GptPartition>> readGpt(const GptDrive &drive);

/// The one partition of that name. Fails with `NotFound`, or `InvalidArgument` when there are
/// several; the message lists the names there are.
[[nodiscard]] Result<GptPartition> partitionNamed(const QString &name,
                                                  const QList<GptPartition> &partitions);

} // namespace core
