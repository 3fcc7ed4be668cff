#pragma once
#include <QByteArray>
#include <QUrl>

namespace core {

/// The link in the stored spec (JobSnapshot::spec) of a download, media or flash as it was given, with what
/// shownUrl() hides; empty: it has none.
[[nodiscard]] QUrl storedUrl(const QByteArray &spec);

} // namespace core
