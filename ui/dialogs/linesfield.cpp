#include "ui/dialogs/linesfield.h"

namespace ui {
namespace {

constexpr int Surround = 30; // pixels: frame, margins and a scroll bar below long lines

} // namespace

QPlainTextEdit *makeLinesField(const LinesFieldLook &look)
{
    auto *field = new QPlainTextEdit;
    field->setObjectName(look.name);
    field->setAccessibleName(look.title);
    field->setTabChangesFocus(true);
    field->setLineWrapMode(QPlainTextEdit::NoWrap);
    field->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    field->setFixedHeight(field->fontMetrics().lineSpacing() * look.lines + Surround);
    return field;
}

} // namespace ui
