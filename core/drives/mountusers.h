#pragma once
#include <QStringList>

namespace core {

/// The names of the programs, each once, that have a file below `point` open or work in a folder there,
/// as far as this user may see them. Looks through all processes in `proc` (/proc): some milliseconds.
[[nodiscard]] QStringList programsUsing(const QString &point, const QString &proc);

} // namespace core
