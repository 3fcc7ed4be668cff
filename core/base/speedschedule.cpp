#include "core/base/speedschedule.h"

#include "core/base/units.h"

#include <QRegularExpression>

namespace core {

using namespace Qt::StringLiterals;

Result<SpeedSchedule> SpeedSchedule::parse(const QString &text)
{
    SpeedSchedule schedule;
    if (text.trimmed().isEmpty())
        return schedule;
    for (const QString &part : text.split(u',')) {
        const auto window = parseWindow(part.trimmed());
        if (!window)
            return fail(window.error());
        schedule.m_windows.append(*window);
    }
    return schedule;
}

Result<SpeedSchedule::Window> SpeedSchedule::parseWindow(const QString &text)
{
    static const QRegularExpression pattern(
        u"^(\\d\\d:\\d\\d)\\s*-\\s*(\\d\\d:\\d\\d)\\s+(\\S+)$"_s);
    const QRegularExpressionMatch match = pattern.match(text);
    const QTime begin = QTime::fromString(match.captured(1), u"HH:mm"_s);
    const QTime end = QTime::fromString(match.captured(2), u"HH:mm"_s);
    const auto rate = parseBytes(match.captured(3));
    if (!begin.isValid() || !end.isValid() || !rate)
        return fail(
            ErrorCode::InvalidArgument,
            u"\"%1\" is not a time of day with a speed, such as 08:00-18:00 500K"_s.arg(text));
    return Window{begin, end, *rate};
}

std::optional<qint64> SpeedSchedule::bytesPerSecondAt(QTime time) const
{
    for (const Window &window : m_windows) {
        const bool isAfter = time >= window.begin;
        const bool isBefore = time < window.end;
        if (window.begin < window.end ? isAfter && isBefore : isAfter || isBefore)
            return window.bytesPerSecond;
    }
    return std::nullopt;
}

} // namespace core
