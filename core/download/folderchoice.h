#pragma once
#include "core/base/categoryrules.h"
#include "core/download/downloadspec.h"

namespace core {

/// Which folder a download goes to that names none. Pure.
struct FolderChoice {
    CategoryRules rules;
    /// Absolute; where downloads without a category go.
    QString downloadFolder;

    /// Gives `spec` its folder, and its category when a rule finds one; one that names a folder keeps
    /// it. Fails with `InvalidArgument` for a category that there is not.
    [[nodiscard]] Result<void> choose(DownloadSpec &spec) const;
};

/// What a download is called before its server was asked.
[[nodiscard]] QString firstTitle(const DownloadSpec &spec);

} // namespace core
