#pragma once
#include "core/base/result.h"

#include <QStringList>

namespace app {

/// What `dray` and `drayd` were started with (DESIGN, common options).
struct HubOptions {
    /// Absolute folder of database, tokens, settings and endpoint.json.
    QString dataDir;
    /// Absolute folder for downloads; empty: the setting download.folder.
    QString downloadDir;
    /// "ADDR:PORT", IPv6 addresses in brackets. Empty: the sockets that were passed, else
    /// 127.0.0.1:8765.
    QStringList listen;
    /// Descriptors of sockets that listen already (takePassedSockets); the hub owns them.
    QList<int> passedSockets;
    QStringList allowOrigins;
    QStringList allowHosts;
    bool trustLocal = false;
    bool allowLoopDevices = false;
    int maxConnections = 256;
    QString tlsCert;
    QString tlsKey;
    /// "debug", "info", "warning" or "critical".
    QString logLevel;
    /// What stands behind the options: links and image files to begin with.
    QStringList arguments;
};

/// How the program ends (DESIGN, exit codes).
enum class ExitCode { Done = 0, Failed = 1, Usage = 2, NoHub = 3, Refused = 4, Partly = 5 };

/// Parses the arguments after the program's name. `--help` and `--version` print and end the process
/// with 0. Fails with `InvalidArgument` naming the option and what would be right.
[[nodiscard]] core::Result<HubOptions> parseHubOptions(const QStringList &arguments,
                                                       const QString &programDescription);

/// The data folder used without --data-dir: $XDG_DATA_HOME/dray.
[[nodiscard]] QString defaultDataDir();

} // namespace app
