#pragma once
#include "core/base/result.h"

namespace ui {

/// What the program tells its user unasked. Full sentences.
[[nodiscard]] QString damagedDatabaseText(const QString &keptAt);
[[nodiscard]] QString storeFailedText(const core::Error &error);
[[nodiscard]] QString storeRecoveredText();
[[nodiscard]] QString keyFailedText(const core::Error &error);
[[nodiscard]] QString cannotStartText(const core::Error &error);
/// A second `dray` beside a `drayd` of the same data folder.
[[nodiscard]] QString alreadyRunsText(const QString &page);

} // namespace ui
