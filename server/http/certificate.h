#pragma once
#include "core/base/result.h"

#include <QSslConfiguration>

namespace server {

/// What a TLS listener speaks with, from PEM files. Fails with `FileAccess` or `TlsFailed` naming the
/// file at fault.
[[nodiscard]] core::Result<QSslConfiguration> loadCertificate(const QString &certificatePath,
                                                              const QString &keyPath);

/// The same from `folder`, where a self-signed certificate (ECDSA P-256, ten years, for this machine's
/// names and addresses) and its key (0600) are made when they are missing.
[[nodiscard]] core::Result<QSslConfiguration> ownCertificate(const QString &folder);

/// SHA-256 of the certificate in hexadecimal, for people to compare.
[[nodiscard]] QString fingerprintOf(const QSslConfiguration &configuration);

} // namespace server
