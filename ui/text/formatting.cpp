#include "ui/text/formatting.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

namespace ui {
namespace {

using namespace Qt::StringLiterals;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Formatting)
};

constexpr std::array Units{"B"_L1, "KiB"_L1, "MiB"_L1, "GiB"_L1, "TiB"_L1, "PiB"_L1, "EiB"_L1};
constexpr qint64 Minute = 60;
constexpr qint64 Hour = 60 * Minute;
constexpr qint64 Day = 24 * Hour;

} // namespace

QString formatBytes(qint64 bytes)
{
    if (bytes < 0)
        return {};
    if (bytes < 1024)
        return u"%1 B"_s.arg(bytes);
    double value = double(bytes);
    size_t unit = 0;
    while (value >= 1023.95 && unit + 1 < Units.size()) { // 1023.95 would be shown as 1024.0
        value /= 1024;
        ++unit;
    }
    return u"%1 %2"_s.arg(QLocale().toString(value, 'f', 1), Units[unit]);
}

QString formatRate(qint64 bytesPerSecond)
{
    return bytesPerSecond < 0 ? QString() : Text::tr("%1/s").arg(formatBytes(bytesPerSecond));
}

QString formatDuration(qint64 seconds)
{
    if (seconds < 0)
        return {};
    if (seconds < Minute)
        return Text::tr("%1 s").arg(seconds);
    if (seconds < Hour)
        return Text::tr("%1 min %2 s").arg(seconds / Minute).arg(seconds % Minute);
    if (seconds < Day)
        return Text::tr("%1 h %2 min").arg(seconds / Hour).arg(seconds % Hour / Minute);
    return Text::tr("%1 d %2 h").arg(seconds / Day).arg(seconds % Day / Hour);
}

QString formatTime(qint64 milliseconds)
{
    if (milliseconds <= 0)
        return {};
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(milliseconds);
    return QLocale().toString(time, QLocale::ShortFormat);
}

int percentDone(const core::JobSnapshot &job)
{
    if (job.state == core::JobState::Succeeded)
        return 100;
    const core::Progress &progress = job.progress;
    if (progress.total < 0)
        return -1;
    if (progress.total == 0)
        return 0;
    const double ratio = double(progress.done) / double(progress.total);
    return std::clamp(int(std::floor(ratio * 100)), 0, 99);
}

QString formatPercent(const core::JobSnapshot &job)
{
    const int percent = percentDone(job);
    return percent < 0 ? QString() : Text::tr("%1 %").arg(percent);
}

} // namespace ui
