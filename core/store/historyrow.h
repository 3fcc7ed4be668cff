#pragma once
#include "core/store/historyentry.h"

#include <QSqlQuery>
#include <QVariant>

namespace core {

/// Adds an entry to the table `history`; bind historyValues(). The same entry once more adds nothing.
[[nodiscard]] const QString &addHistorySql();
[[nodiscard]] QVariantList historyValues(const HistoryEntry &entry);

/// The columns that historyOf() reads, for a SELECT.
[[nodiscard]] const QString &historyColumns();
/// The entry of a row. Fails with `StoreFailed` naming what in it cannot be understood.
[[nodiscard]] Result<HistoryEntry> historyOf(const QSqlQuery &row);

} // namespace core
