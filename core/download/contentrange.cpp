#include "core/download/contentrange.h"

namespace core {
namespace {

/// 1*DIGIT that fits; -1 for anything else.
qint64 parseNumber(QByteArrayView text)
{
    if (text.isEmpty() || text.size() > 18)
        return -1;
    qint64 number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return -1;
        number = number * 10 + (c - '0');
    }
    return number;
}

} // namespace

std::optional<ContentRange> parseContentRange(const QByteArray &value)
{
    const QByteArrayView text = QByteArrayView(value).trimmed();
    constexpr QByteArrayView Unit("bytes ");
    const qsizetype slash = text.lastIndexOf('/');
    if (slash < Unit.size()
        || QByteArrayView(text.first(Unit.size())).compare(Unit, Qt::CaseInsensitive) != 0)
        return std::nullopt;
    const QByteArrayView totalText = text.sliced(slash + 1);
    const QByteArrayView rangeText = text.sliced(Unit.size(), slash - Unit.size()).trimmed();
    ContentRange result;
    result.total = parseNumber(totalText);
    if (result.total < 0 && totalText != QByteArrayView("*"))
        return std::nullopt;
    if (rangeText == QByteArrayView("*"))
        return result.total < 0 ? std::nullopt : std::optional(result);
    const qsizetype dash = rangeText.indexOf('-');
    if (dash < 0)
        return std::nullopt;
    const qint64 first = parseNumber(rangeText.first(dash));
    const qint64 last = parseNumber(rangeText.sliced(dash + 1));
    if (first < 0 || last < first || (result.total >= 0 && last >= result.total))
        return std::nullopt;
    result.range = ByteRange{first, last + 1};
    return result;
}

} // namespace core
