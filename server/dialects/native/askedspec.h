#pragma once
#include "core/jobs/jobtypes.h"

#include <QJsonObject>

namespace server {

/// What a download or media job was asked for beyond what the job object tells: `{mirrors[]?, headers{}?,
/// connections?, checksum?, userAgent?, referer?, proxy?, user?, ifExists?, category?}`; empty for other
/// kinds. Passwords and cookies never leave; a header that may hold a secret has an empty value, and
/// addresses are as shownUrl() has them.
[[nodiscard]] QJsonObject askedSpec(const core::JobSnapshot &job);

} // namespace server
