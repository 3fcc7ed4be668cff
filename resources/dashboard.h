#pragma once

namespace resources {

/// Makes the page's files, each gzipped, known as `:/dashboard/<path>.gz`. Call it once, before they are
/// looked up: a static library's resources do not register themselves.
void initDashboard();

} // namespace resources
