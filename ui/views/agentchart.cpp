#include "ui/views/agentchart.h"

#include "ui/symbols.h"

#include <QDateTime>
#include <QHelpEvent>
#include <QLocale>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace ui {
namespace {

using namespace Qt::StringLiterals;

constexpr int TimeLabels = 5;
constexpr int MarginPixels = 8;

/// 1, 2 or 5 times a power of ten, at least `value`.
double roundTop(double value)
{
    if (value <= 1)
        return 1;
    const double power = std::pow(10, std::floor(std::log10(value)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= value)
            return factor * power;
    return 10 * power;
}

QString timeText(core::Milliseconds time)
{
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(time.count()).time(),
                              QLocale::ShortFormat);
}

QString percentText(double share)
{
    return AgentChart::tr("%1 %").arg(int(std::round(share * 100)));
}

} // namespace

AgentChart::AgentChart(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(u"agentChart"_s);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setFocusPolicy(Qt::TabFocus); // for its words
}

AgentChart::~AgentChart() = default;

void AgentChart::setSeries(const AgentSeries &series, const QString &whose)
{
    m_series = series;
    double most = 0;
    for (const AgentColumn &column : series.columns)
        most = std::max(most, series.perMinute(column));
    m_mostPerMinute = roundTop(most);
    const AgentColumn sum = series.sum();
    setAccessibleName(tr("Throughput and error rate of %1").arg(whose));
    setAccessibleDescription(
        sum.executions == 0
            ? tr("Nothing ended in this time.")
            : tr("%L1 executions ended, at most %2 a minute; %3 of them failed.")
                  .arg(sum.executions)
                  .arg(QLocale().toString(most, 'g', 3), percentText(sum.errorRate())));
    update();
}

bool AgentChart::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const QRectF area = areaOf(Plot::Throughput);
    const double each = area.width() / double(std::max<qsizetype>(m_series.columns.size(), 1));
    const auto column = qsizetype(std::floor((help->pos().x() - area.left()) / each));
    const bool isOne = column >= 0 && column < m_series.columns.size();
    QToolTip::showText(help->globalPos(), isOne ? columnText(column) : QString(), this);
    return true;
}

void AgentChart::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().base());
    for (const Plot plot : {Plot::Throughput, Plot::ErrorRate}) {
        paintFrame(painter, plot);
        paintColumns(painter, plot);
    }
    paintTimes(painter);
}

/// Above each is a line for its title, below the lower one a line for the times.
QRectF AgentChart::areaOf(Plot plot) const
{
    const double line = fontMetrics().height();
    const double left = fontMetrics().horizontalAdvance(u"1000 %"_s) + MarginPixels;
    const double used = 3 * line + 4 * MarginPixels;
    const double each = std::max(10.0, (height() - used) / 2);
    const double first = line + MarginPixels;
    const double top = plot == Plot::Throughput ? first : first + each + line + 2 * MarginPixels;
    return {left, top, std::max(10.0, width() - left - MarginPixels), each};
}

double AgentChart::topOf(Plot plot) const
{
    return plot == Plot::Throughput ? m_mostPerMinute : 1;
}

QRectF AgentChart::columnRect(const QRectF &area, qsizetype column, double share) const
{
    const double each = area.width() / double(m_series.columns.size());
    const double gap = each > 4 ? 1 : 0;
    const double height = area.height() * std::clamp(share, 0.0, 1.0);
    return {area.left() + each * double(column), area.bottom() - height, each - gap, height};
}

QString AgentChart::columnText(qsizetype column) const
{
    const AgentColumn &one = m_series.columns.at(column);
    const core::Milliseconds begin = m_series.begin + m_series.width * column;
    const QString when = tr("%1 to %2").arg(timeText(begin), timeText(begin + m_series.width));
    if (one.executions == 0)
        return tr("%1: nothing ended").arg(when);
    return tr("%1: %L2 ended, %L3 of them failed").arg(when).arg(one.executions).arg(one.failed);
}

void AgentChart::paintFrame(QPainter &painter, Plot plot) const
{
    const QRectF area = areaOf(plot);
    const bool isThroughput = plot == Plot::Throughput;
    const double line = fontMetrics().height();
    painter.setPen(toneColor(Tone::Text));
    painter.drawText(QRectF(area.left(), area.top() - line - 2, area.width(), line),
                     Qt::AlignLeft | Qt::AlignVCenter,
                     isThroughput ? tr("Executions per minute") : tr("Error rate"));
    for (const double share : {0.0, 0.5, 1.0}) {
        const double y = area.bottom() - area.height() * share;
        painter.setPen(palette().color(QPalette::Midlight));
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        const double value = share * topOf(plot);
        painter.setPen(toneColor(Tone::Muted));
        painter.drawText(QRectF(0, y - line / 2, area.left() - MarginPixels / 2.0, line),
                         Qt::AlignRight | Qt::AlignVCenter,
                         isThroughput ? QLocale().toString(value, 'g', 3) : percentText(value));
    }
}

void AgentChart::paintColumns(QPainter &painter, Plot plot) const
{
    const QRectF area = areaOf(plot);
    for (qsizetype i = 0; i < m_series.columns.size(); ++i) {
        const AgentColumn &column = m_series.columns.at(i);
        const double value =
            plot == Plot::Throughput ? m_series.perMinute(column) : column.errorRate();
        if (column.executions == 0)
            continue;
        QRectF bar = columnRect(area, i, value / topOf(plot));
        if (bar.height() < 1) // something ended, and nothing of it failed
            bar.setTop(bar.bottom() - 1);
        const Tone tone = plot == Plot::Throughput || value == 0 ? Tone::Active : Tone::Bad;
        painter.fillRect(bar, toneColor(tone));
    }
}

void AgentChart::paintTimes(QPainter &painter) const
{
    const QRectF area = areaOf(Plot::ErrorRate);
    const double line = fontMetrics().height();
    painter.setPen(toneColor(Tone::Muted));
    for (int i = 0; i < TimeLabels; ++i) {
        const double share = double(i) / (TimeLabels - 1);
        const qint64 span = m_series.width.count() * m_series.columns.size();
        const core::Milliseconds time(m_series.begin.count() + qint64(double(span) * share));
        const QString text = timeText(time);
        const double width = fontMetrics().horizontalAdvance(text) + 2;
        const double x = std::clamp(area.left() + area.width() * share - width / 2, area.left(),
                                    area.right() - width);
        painter.drawText(QRectF(x, area.bottom() + MarginPixels / 2.0, width, line),
                         Qt::AlignCenter, text);
    }
}

} // namespace ui
