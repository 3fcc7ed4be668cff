#pragma once
#include <QJsonObject>

namespace server {

/// "workflow.pause" for "job.pause" with the id of a workflow as `job`, which becomes the member `workflow`:
/// ids of both are taken where both make sense (PROTOCOL.md §1). Else the method as it is.
[[nodiscard]] QString methodForId(const QString &method, QJsonObject &params);

} // namespace server
