#pragma once

namespace resources {

/// Makes the page's files, each gzipped, known as `:/dashboard/<path>.gz`, and the documents that
/// describe the protocols as `:/schema/<name>.json`. Call it once, before they are looked up: a
/// static library's resources do not register themselves.
void initDashboard();

} // namespace resources
