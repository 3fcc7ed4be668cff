#pragma once
#include "core/base/categoryrules.h"

namespace core {

/// Reads `[{"name", "folder", "extensions"[], "hosts"[]}]`; empty text is no category. Fails with
/// `InvalidArgument` naming the category and what is wrong: a name or folder that is missing, a name
/// given twice, a relative folder that leaves the download folder, a member that is none.
[[nodiscard]] Result<CategoryRules> categoryRulesFromJson(const QString &text);

} // namespace core
