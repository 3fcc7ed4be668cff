#pragma once
#include "core/base/result.h"

#include <QStringList>

namespace core {

/// The languages in a text such as "en, de.*": codes, or expressions over them as yt-dlp reads them.
/// Empty parts do not count. Fails with `InvalidArgument` naming the first part that is none; what
/// yt-dlp would take for an option is none. Pure.
[[nodiscard]] Result<QStringList> subtitleLanguages(const QString &text);

} // namespace core
