#include "core/base/quoted.h"

namespace core {

QString quotable(const QString &text)
{
    constexpr qsizetype Longest = 80;
    QString shown = text.left(Longest);
    for (QChar &c : shown)
        if (!c.isPrint() || c.category() == QChar::Other_Format)
            c = QChar::ReplacementCharacter;
    return text.size() > Longest ? shown + QChar(0x2026) : shown;
}

} // namespace core
