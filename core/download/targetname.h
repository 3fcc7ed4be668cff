#pragma once
#include "core/download/downloadspec.h"
#include "core/download/landing.h"

namespace core {

/// How a download that `spec` asked for may take `name`. Only a name that the user saw may replace a
/// file: one of Content-Disposition or of a redirect would let the server choose which.
[[nodiscard]] Landing::Naming namingFor(const DownloadSpec &spec, const QString &name);

} // namespace core
