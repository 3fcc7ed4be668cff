#pragma once
#include "core/base/result.h"

#include <QString>

namespace core {

/// Renames `from` to `to`, or to "name (1)" and so on when that is taken; nothing is replaced. Answers
/// the path it got. Fails with `FileExists` when 9,999 numbers are taken, else as fileError says.
[[nodiscard]] Result<QString> renameToFreeName(const QString &from, const QString &to);

} // namespace core
