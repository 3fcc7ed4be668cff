#pragma once
#include "core/base/result.h"

#include <QJsonObject>

namespace core {

/// A value as a message shows it.
[[nodiscard]] QString valueText(const QJsonValue &value);

/// The text of `member`, empty when it is absent or null. Fails with `InvalidArgument` naming the member
/// and its value for anything but a string.
[[nodiscard]] Result<QString> readText(const QJsonObject &object, QLatin1StringView member);

/// The number of `member`, 0 when it is absent or null. Fails with `InvalidArgument` naming the member and
/// its value for anything but a whole number from 0 to 2^53.
[[nodiscard]] Result<qint64> readInteger(const QJsonObject &object, QLatin1StringView member);

} // namespace core
