#pragma once
#include "core/jobs/jobtypes.h"

#include <QSqlQuery>
#include <QVariant>

namespace core {

/// Writes a job into the table `jobs`, whether it is there or not; bind jobValues(). A job whose
/// `rev` is already there costs no write.
[[nodiscard]] const QString &writeJobSql();
[[nodiscard]] QVariantList jobValues(const JobSnapshot &job);

/// Reads all jobs by position; each row goes to jobOf().
[[nodiscard]] const QString &readJobsSql();
/// The job of a row. When a value in it cannot be understood, the job comes back as failed with
/// `StoreFailed` naming that value.
[[nodiscard]] JobSnapshot jobOf(const QSqlQuery &row);

} // namespace core
