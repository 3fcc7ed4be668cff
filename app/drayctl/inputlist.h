#pragma once
#include "core/base/result.h"

#include <QJsonObject>
#include <QList>

namespace app {

/// One download of a list file.
struct InputEntry {
    QString url;
    /// The line it stands on, from 1.
    qsizetype line = 0;
    /// Members of the download spec that its options gave: name, to, checksum.
    QJsonObject members;
};

/// The downloads of a list file: one link per line; empty lines and those that begin with "#" do not
/// count. Indented lines below a link are its options, written as aria2 does: `out=NAME`, `dir=DIR`,
/// `checksum=ALGO=HEX`. Fails with `InvalidArgument` naming the line. Pure but for making `dir`
/// absolute.
[[nodiscard]] core::Result<QList<InputEntry>> parseInputList(const QString &text);

} // namespace app
