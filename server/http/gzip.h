#pragma once
#include "core/base/result.h"

#include <QByteArray>

namespace server {

/// Whether an Accept-Encoding header lets gzip be sent (RFC 9110 §12.5.3). A missing or empty one means
/// identity here.
[[nodiscard]] bool acceptsGzip(QByteArrayView acceptEncoding);

/// The content of one gzip file. Fails with `ProtocolViolation` when it is damaged.
[[nodiscard]] core::Result<QByteArray> gunzip(const QByteArray &packed);
/// One gzip file; empty only when memory ran out.
[[nodiscard]] QByteArray gzip(const QByteArray &bytes);

} // namespace server
