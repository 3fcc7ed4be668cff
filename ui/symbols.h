#pragma once
#include <QIcon>

namespace ui {

/// What a symbol's colour says. Text follows the palette; the others fit light and dark alike.
enum class Tone { Text, Muted, Active, Good, Bad, Waiting };

/// For lines and texts on the palette's backgrounds.
[[nodiscard]] QColor toneColor(Tone tone);
/// For areas with white text on them, in light and dark.
[[nodiscard]] QColor toneFill(Tone tone);

/// The one-coloured symbol of that file name in resources/icons, in the palette's colour at the time
/// it is painted, so it follows a change between light and dark.
[[nodiscard]] QIcon symbol(const QString &name, Tone tone = Tone::Text);

/// The program's own icon, in its colours.
[[nodiscard]] QIcon appIcon();

} // namespace ui
