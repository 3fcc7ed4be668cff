#pragma once

namespace resources {

/// Makes the files of the companion extension known as `:/extension/chromium/…` and
/// `:/extension/firefox/…`. Call it before they are looked up: a static library's resources do not
/// register themselves.
void initExtension();

} // namespace resources
