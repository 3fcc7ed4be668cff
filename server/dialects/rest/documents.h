#pragma once
#include "server/http/router.h"

namespace server {

/// Serves what describes the protocols: `/api/v1/openapi.json`, `/api/v1/asyncapi.json` and the
/// JSON Schema that both refer to, `/api/v1/schema.json`. `folder` holds files of these names.
void addDocumentRoutes(Router &router, const QString &folder);

} // namespace server
