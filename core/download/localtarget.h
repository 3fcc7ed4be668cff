#pragma once
#include <QHostAddress>
#include <QList>
#include <QUrl>

namespace core {

/// Whether it belongs to this machine or its link (loopback, link-local).
[[nodiscard]] bool isLocalAddress(const QHostAddress &address);

/// Whether the host is written as an address of this machine or its link (loopback, link-local).
[[nodiscard]] bool isLocalTarget(const QUrl &url);

/// Whether what was found at `from` (a page, a document, a local file) may lead to `to`: the web not to this
/// machine, and nothing to `ownPorts` of it.
[[nodiscard]] bool mayLeadTo(const QUrl &to, const QUrl &from, const QList<quint16> &ownPorts);

} // namespace core
