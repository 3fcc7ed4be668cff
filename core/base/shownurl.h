#pragma once
#include <QString>
#include <QUrl>

namespace core {

/// `url` for the eyes of others (jobs, messages, history, logs, the wire): no user, no password, no
/// fragment, and "***" in the place of what its query keeps secret. What counts as a secret is decided
/// here alone, by the names of the query's members; what is fetched, stored and compared is the URL
/// itself.
[[nodiscard]] QString shownUrl(const QUrl &url);

/// `text`, such as another program's complaint, with the http and https URLs in it as shownUrl() has them.
[[nodiscard]] QString shownText(QString text);

} // namespace core
