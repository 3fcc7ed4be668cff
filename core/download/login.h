#pragma once
#include "core/download/downloadspec.h"

namespace core {

/// The spec's URL with the user name and the password that its host is asked with: the spec's, else
/// those in the URL, else those that the spec's .netrc file has for the host. They are for that origin
/// only; RedirectTrail sees to it. Reads the file: call from the job's thread.
/// Fails as Netrc::read() does.
[[nodiscard]] Result<QUrl> urlWithLogin(const DownloadSpec &spec);

} // namespace core
