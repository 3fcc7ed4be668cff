#pragma once
#include "core/base/result.h"
#include "core/download/afteraction.h"

#include <QJsonArray>

namespace core {

/// Reads `["extract", "open", "reveal", {"run": COMMAND}, {"move": FOLDER}]`, in the order given. Fails
/// with `InvalidArgument` naming what is no action; absent is none.
[[nodiscard]] Result<QList<AfterAction>> afterActionsFromJson(const QJsonValue &value);
[[nodiscard]] QJsonArray toJson(const QList<AfterAction> &actions);

} // namespace core
