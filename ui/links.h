#pragma once
#include <QStringList>

class QMimeData;

namespace ui {

/// The http and https links in `text`, in order, each once; they end at white space.
[[nodiscard]] QStringList linksIn(const QString &text);
/// The links that were copied or dragged: the URL list when there is one, else those in the text. Metalink
/// files here count too.
[[nodiscard]] QStringList linksIn(const QMimeData &content);
/// The path of the first file here among what was dragged that may be an image; "" when none is.
[[nodiscard]] QString imageIn(const QMimeData &content);

} // namespace ui
