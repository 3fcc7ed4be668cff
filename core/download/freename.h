#pragma once
#include "core/base/result.h"

#include <QString>

#include <functional>

namespace core {

/// Renames `from` to `to`, or to "name (1)" and so on when that is taken; nothing is replaced. Answers
/// the path it got. `announce` is told each path before it is tried, and may refuse. Fails with
/// `FileExists` when 9,999 numbers are taken, else as fileError or `announce` says.
[[nodiscard]] Result<QString>
renameToFreeName(const QString &from,
                 const QString &to,
                 const std::function<Result<void>(const QString &path)> &announce = {});

} // namespace core
