#pragma once
#include <QString>

namespace core {

/// Text of others, fit to stand in a message: at most 80 characters, and nothing that a terminal obeys or
/// that turns the direction of what follows.
[[nodiscard]] QString quotable(const QString &text);

} // namespace core
