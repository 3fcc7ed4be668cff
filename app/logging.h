#pragma once
#include <QString>

namespace app {

/// Prints what is at least as grave as `level` ("debug", "info", "warning", "critical") of our own
/// categories, one line each on standard error: time, level, category, text.
void setUpLogging(const QString &level);

} // namespace app
