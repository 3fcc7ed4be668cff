#pragma once
#include "ui/commands.h"
#include "ui/text/flashproblemtext.h"

namespace ui {

/// What stands in the fields of the flash dialog.
struct FlashForm {
    /// Path of a file.
    QString image;
    /// The ticked ones.
    QList<core::Drive> drives;
    /// Whether the user confirmed each of them.
    enum class Confirmed { No, Yes } confirmed = Confirmed::No;
    core::Verify verify = core::Verify::Yes;
    QString sha256;
    /// Path of a file; "": none.
    QString bmap;
    QString partition;
};

/// The flash it asks for, or the first thing that is wrong with it.
struct FlashRequest {
    FlashOrder order;
    FlashProblem problem = FlashProblem::None;
    /// The text at fault.
    QString value;
};

/// Looks at the file system to check files.
[[nodiscard]] FlashRequest checked(const FlashForm &form);

/// Whether a file of that name may be an image: .iso, .img, or one of them compressed.
[[nodiscard]] bool isImageName(const QString &path);

} // namespace ui
