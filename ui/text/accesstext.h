#pragma once
#include "core/base/principal.h"
#include "core/base/result.h"

namespace ui {

/// What a program with `scopes` may do, a word or two each: "see, add".
[[nodiscard]] QString scopeWords(core::Scopes scopes);
/// The same at length, a line each: "see your jobs and drives".
[[nodiscard]] QStringList scopeLines(core::Scopes scopes);

/// Who asks to be let in.
[[nodiscard]] QString pairingText(const QString &program);
/// The six digits in two groups, as they are read aloud.
[[nodiscard]] QString codeText(const QString &code);
/// Nobody answered in time.
[[nodiscard]] QString pairingOverText(const QString &program);
/// It gave up, or was answered elsewhere.
[[nodiscard]] QString pairingGoneText(const QString &program);
/// Why the user's yes had no effect.
[[nodiscard]] QString letInFailedText(const QString &program, const core::Error &error);

[[nodiscard]] QString revokeQuestion(const QString &program);
[[nodiscard]] QString revokeFailedText(const QString &program, const core::Error &error);

} // namespace ui
