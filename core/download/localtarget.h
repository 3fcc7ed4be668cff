#pragma once
#include <QUrl>

namespace core {

/// Whether the host is written as an address of this machine or its link (loopback, link-local).
[[nodiscard]] bool isLocalTarget(const QUrl &url);

} // namespace core
