#pragma once
#include <QString>

namespace server {

/// The value of a Content-Disposition header that saves the body as `name`: an ASCII form for old
/// readers and the exact one (RFC 6266 §4.3, RFC 8187 §3.2).
[[nodiscard]] QByteArray attachmentNamed(const QString &name);

} // namespace server
