#pragma once
#include "core/jobs/jobtypes.h"

namespace core {

// The lists inside a stored job as JSON text. Reading gives nullopt when the text is not what
// writing makes.

/// `[{"title","state","progress"}]`
[[nodiscard]] QString stepsToJson(const QList<JobStep> &steps);
[[nodiscard]] std::optional<QList<JobStep>> stepsFromJson(QStringView text);

/// `[{"id","state","done","error"?:{"code","context"}}]`
[[nodiscard]] QString drivesToJson(const QList<JobDrive> &drives);
[[nodiscard]] std::optional<QList<JobDrive>> drivesFromJson(QStringView text);

/// `[1,2,3]`
[[nodiscard]] QString jobIdsToJson(const QList<JobId> &ids);
[[nodiscard]] std::optional<QList<JobId>> jobIdsFromJson(QStringView text);

} // namespace core
