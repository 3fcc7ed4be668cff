#pragma once
#include <QString>

namespace core {

/// Whether a request to `host` could leave this machine: an interface other than loopback is up and
/// has an address, or `host` is this machine itself. Threads: any.
[[nodiscard]] bool hasNetworkFor(const QString &host);

} // namespace core
