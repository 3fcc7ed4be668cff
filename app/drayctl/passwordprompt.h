#pragma once
#include <QString>

#include <optional>

namespace app {

/// Asks for a password: on a terminal with `question` and without showing what is typed, else the
/// first line of standard input. nullopt when the input ended before.
[[nodiscard]] std::optional<QString> askPassword(const QString &question);

} // namespace app
