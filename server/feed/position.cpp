#include "server/feed/position.h"

namespace server {

using namespace Qt::StringLiterals;

QString Position::toString() const
{
    return u"%1:%2"_s.arg(epoch).arg(seq);
}

std::optional<Position> Position::parse(const QString &text)
{
    const qsizetype colon = text.indexOf(u':');
    if (colon <= 0)
        return std::nullopt;
    bool isNumber = false;
    const quint64 seq = text.sliced(colon + 1).toULongLong(&isNumber);
    return isNumber ? std::optional(Position{text.first(colon), seq}) : std::nullopt;
}

} // namespace server
