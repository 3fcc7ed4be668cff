#pragma once
#include <QString>

namespace ui {

/// What keeps the flash dialog's input from being accepted.
enum class FlashProblem {
    None,
    NoImage,
    Link,
    ImageMissing,
    ImageEmpty,
    Sha256,
    BmapMissing,
    NoDrive,
    NotConfirmed,
};

/// A sentence naming `value` and what would be right; "" for None and NoImage (nothing was chosen yet).
[[nodiscard]] QString flashProblemText(FlashProblem problem, const QString &value);

} // namespace ui
