#pragma once
#include "core/base/result.h"

#include <QString>

namespace core {

/// The failure of a member of a spec that has a wrong value: names both, and what would be `right`.
[[nodiscard]] inline tl::unexpected<Error>
wrongValue(QLatin1StringView member, const QString &value, const char *right)
{
    return fail(
        ErrorCode::InvalidArgument,
        QStringLiteral("%1: \"%2\" is not %3").arg(member, value, QLatin1StringView(right)));
}

} // namespace core
