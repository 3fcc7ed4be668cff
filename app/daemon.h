#pragma once
#include "app/options.h"

#include <QUrl>

namespace app {

/// What `drayd` prints when it listens: a line each. `fingerprint` is the certificate's, and `login` an
/// address that signs in; either may be empty.
[[nodiscard]] QString announcement(const QUrl &page, const QString &fingerprint, const QUrl &login);

/// Runs `drayd` until a signal ends it: the hub on this thread, without a window. Needs a
/// QCoreApplication; prints the page's address on standard output and errors on standard error.
[[nodiscard]] ExitCode runDaemon(const QStringList &arguments);

} // namespace app
