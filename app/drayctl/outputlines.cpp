#include "app/drayctl/outputlines.h"

#include <QRegularExpression>

#include <algorithm>

namespace app {

using namespace Qt::StringLiterals;

namespace {

/// Escape sequences of ECMA-48 §5.4 (CSI) and §8.3.89 (OSC), then other control characters.
QString asText(const QByteArray &line)
{
    static const QRegularExpression sequences(
        u"\\x1b\\[[0-?]*[ -/]*[@-~]|\\x1b\\][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\)|[\\x00-\\x1f\\x7f]"_s);
    return QString::fromUtf8(line).remove(sequences).trimmed();
}

std::optional<double> percentIn(const QByteArray &line)
{
    if (!line.contains('%'))
        return {};
    static const QRegularExpression number(u"(?<![\\d.,])(\\d{1,3}(?:[.,]\\d+)?)\\s?%"_s);
    std::optional<double> found;
    for (auto matches = number.globalMatch(asText(line)); matches.hasNext();) {
        const double percent = matches.next().captured(1).replace(u',', u'.').toDouble();
        if (percent <= 100)
            found = percent;
    }
    return found;
}

} // namespace

void OutputLines::take(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const auto end = std::ranges::find_if(bytes, [](char c) { return c == '\n' || c == '\r'; });
        const qsizetype length = end - bytes.begin();
        const qsizetype room = LongestLine - m_current.size();
        m_current.append(bytes.first(std::min(length, room)));
        if (end == bytes.end())
            return;
        endLine();
        bytes = bytes.sliced(length + 1);
    }
}

QString OutputLines::lastLine() const
{
    const QString current = asText(m_current);
    return current.isEmpty() ? asText(m_last) : current;
}

std::optional<double> OutputLines::percent() const
{
    const auto current = percentIn(m_current);
    return current ? current : m_percent;
}

void OutputLines::endLine()
{
    if (const auto found = percentIn(m_current))
        m_percent = found;
    if (!m_current.trimmed().isEmpty())
        m_last = m_current;
    m_current.clear();
}

} // namespace app
