#pragma once
#include "core/base/result.h"

#include <QDateTime>

namespace app {

/// The local time a person wrote: "2030-01-31T23:30" (or with a space), or "23:30" for the next time
/// the clock shows that after `now`. Fails with `InvalidArgument` naming the text.
[[nodiscard]] core::Result<QDateTime> timeFrom(const QString &text, const QDateTime &now);

} // namespace app
