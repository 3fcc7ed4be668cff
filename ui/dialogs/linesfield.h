#pragma once
#include <QPlainTextEdit>

namespace ui {

struct LinesFieldLook {
    /// The object's name, and what a screen reader says.
    QString name;
    QString title;
    /// Lines that are seen at once.
    int lines = 0;
};

/// A field to write one thing per line in; Tab leaves it.
[[nodiscard]] QPlainTextEdit *makeLinesField(const LinesFieldLook &look);

} // namespace ui
