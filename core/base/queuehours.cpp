#include "core/base/queuehours.h"

#include <QDateTime>
#include <QRegularExpression>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

QDateTime localTime(Milliseconds wallTime)
{
    return QDateTime::fromMSecsSinceEpoch(wallTime.count(), Qt::LocalTime);
}

/// The first time after `now` at which the clock shows `time`.
QDateTime nextAt(QTime time, const QDateTime &now)
{
    const QDateTime today(now.date(), time);
    return today > now ? today : QDateTime(now.date().addDays(1), time);
}

} // namespace

Result<QueueHours> QueueHours::parse(const QString &text)
{
    QueueHours hours;
    if (text.trimmed().isEmpty())
        return hours;
    for (const QString &part : text.split(u',')) {
        const auto window = parseWindow(part.trimmed());
        if (!window)
            return fail(window.error());
        hours.m_windows.append(*window);
    }
    return hours;
}

Result<QueueHours::Window> QueueHours::parseWindow(const QString &text)
{
    static const QRegularExpression pattern(u"^(\\d\\d:\\d\\d)\\s*-\\s*(\\d\\d:\\d\\d)$"_s);
    const QRegularExpressionMatch match = pattern.match(text);
    const QTime begin = QTime::fromString(match.captured(1), u"HH:mm"_s);
    const QTime end = QTime::fromString(match.captured(2), u"HH:mm"_s);
    if (!begin.isValid() || !end.isValid())
        return fail(ErrorCode::InvalidArgument,
                    u"\"%1\" is not a time of day such as 23:00-07:00"_s.arg(text));
    return Window{begin, end};
}

bool QueueHours::isOpenAt(Milliseconds wallTime) const
{
    const QTime time = localTime(wallTime).time();
    const auto holds = [time](const Window &window) {
        const bool isAfter = time >= window.begin;
        const bool isBefore = time < window.end;
        return window.begin < window.end ? isAfter && isBefore : isAfter || isBefore;
    };
    return m_windows.isEmpty() || std::ranges::any_of(m_windows, holds);
}

Milliseconds QueueHours::nextOpening(Milliseconds wallTime) const
{
    Q_ASSERT(!m_windows.isEmpty());
    const QDateTime now = localTime(wallTime);
    QDateTime next = nextAt(m_windows.constFirst().begin, now);
    for (const Window &window : m_windows)
        next = std::min(next, nextAt(window.begin, now));
    return Milliseconds(next.toMSecsSinceEpoch());
}

} // namespace core
