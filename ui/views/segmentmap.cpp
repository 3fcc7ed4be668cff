#include "ui/views/segmentmap.h"

#include "ui/symbols.h"
#include "ui/text/formatting.h"

#include <QPainter>

namespace ui {
namespace {

constexpr int HeightPixels = 14;

} // namespace

SegmentMap::SegmentMap(QWidget *parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Parts of the file that are here"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

SegmentMap::~SegmentMap() = default;

void SegmentMap::setJob(const core::JobSnapshot &job)
{
    m_totalBytes = job.progress.total;
    m_segments = job.details.segments;
    const bool isWhole = job.state == core::JobState::Succeeded;
    if (m_segments.isEmpty() || isWhole) // one stream, or all of it
        m_segments = {{.begin = 0, .end = m_totalBytes, .done = job.progress.done}};
    const int open = int(std::count_if(m_segments.begin(), m_segments.end(),
                                       [](const auto &s) { return s.done < s.end - s.begin; }));
    setToolTip(open > 1 ? tr("%1 connections").arg(open) : QString());
    setAccessibleDescription(formatPercent(job));
    update();
}

QSize SegmentMap::sizeHint() const
{
    return {200, HeightPixels};
}

void SegmentMap::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.fillRect(frame, palette().base());
    const double perByte = m_totalBytes > 0 ? frame.width() / double(m_totalBytes) : 0;
    for (const core::JobSegment &segment : m_segments) {
        const QRectF done(frame.left() + double(segment.begin) * perByte, frame.top(),
                          double(segment.done) * perByte, frame.height());
        painter.fillRect(done, toneColor(Tone::Active));
        if (segment.begin > 0)
            painter.fillRect(QRectF(done.left(), frame.top(), 1, frame.height()), palette().mid());
    }
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawRect(frame);
}

} // namespace ui
