#pragma once
#include <QUrl>

namespace core {

/// Whether `url` names a Metalink 4 document, by its ending ".meta4" (RFC 5854 §7).
[[nodiscard]] inline bool isMetalinkUrl(const QUrl &url)
{
    return url.path().endsWith(QLatin1StringView(".meta4"), Qt::CaseInsensitive);
}

} // namespace core
