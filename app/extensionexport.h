#pragma once
#include "core/base/result.h"

namespace app {

/// Writes the companion extension to `folder`/chromium and `folder`/firefox, over what an earlier
/// version left there. Fails as core::writeFileAtomically does; some files are written then.
[[nodiscard]] core::Result<void> exportExtension(const QString &folder);

} // namespace app
