#pragma once
#include <QString>

namespace core {

/// "x.img" for "x.img.xz": the name or path of what is packed in a file, by its suffix; empty: nothing is.
[[nodiscard]] QString packedImageName(const QString &path);

} // namespace core
