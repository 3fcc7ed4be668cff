#pragma once
#include "core/base/result.h"
#include "server/http/router.h"

namespace server {

/// Adds a route for every file below `prefix` (":/dashboard" or a folder): "x/y.js.gz" is served as
/// "/x/y.js", "/index.html" as "/" too; and "/healthz", which says "ok". All are public. There is no
/// path to traverse: what is not in the table is not served.
///
/// Files of "/assets/" have their content's hash in the name and may be kept for ever; the others are
/// asked for again. Gzip goes out as it is to clients that take it. Returns the number of files; fails
/// as reading does.
[[nodiscard]] core::Result<int> addAssetRoutes(Router &router, const QString &prefix);

} // namespace server
