#include "ui/views/stagestrip.h"

#include "ui/text/workflowtext.h"
#include "ui/views/statelook.h"

#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>

namespace ui {
namespace {

using namespace Qt::StringLiterals;
using core::JobState;

constexpr int BarPixels = 10;
constexpr int GapPixels = 4;
constexpr double Rounding = 4;

double shareOf(const core::WorkflowStep &step)
{
    const bool hasFailed =
        step.state == JobState::Failed && step.job.value > 0; // else it was left out
    const bool isFull = step.state == JobState::Succeeded || hasFailed;
    return isFull ? 1 : std::clamp(step.progress, 0.0, 1.0);
}

QString sentenceOf(const core::WorkflowStep &step)
{
    const QString says = stepSaysText(step);
    const QString what = u"%1: %2"_s.arg(step.name, stepStateText(step));
    return says.isEmpty() ? what : what + u'\n' + says;
}

} // namespace

StageStrip::StageStrip(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(u"stageStrip"_s);
    setAccessibleName(tr("Steps of the workflow"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

StageStrip::~StageStrip() = default;

void StageStrip::setSteps(const QList<core::WorkflowStep> &steps)
{
    m_steps = steps;
    QStringList words;
    for (const core::WorkflowStep &step : steps)
        words.append(u"%1: %2"_s.arg(step.name, stepStateText(step)));
    setAccessibleDescription(words.join(u", "_s));
    update();
}

void StageStrip::setCurrent(int step)
{
    m_current = step;
    update();
}

QSize StageStrip::sizeHint() const
{
    return {300, fontMetrics().height() + BarPixels + 3 * GapPixels};
}

QSize StageStrip::minimumSizeHint() const
{
    return {80, sizeHint().height()};
}

bool StageStrip::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const int step = stepAt(help->pos());
    QToolTip::showText(help->globalPos(), step < 0 ? QString() : sentenceOf(m_steps.at(step)),
                       this);
    return true;
}

void StageStrip::mousePressEvent(QMouseEvent *event)
{
    const int step = stepAt(event->position());
    if (step >= 0)
        emit stepChosen(step);
}

void StageStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (qsizetype i = 0; i < m_steps.size(); ++i)
        paintStep(painter, i);
}

QRectF StageStrip::rectOf(qsizetype step) const
{
    const double each = double(width()) / double(std::max<qsizetype>(m_steps.size(), 1));
    const double gap = each > 4 * GapPixels ? GapPixels : 0;
    return {each * double(step), 0, each - gap, double(height())};
}

int StageStrip::stepAt(const QPointF &position) const
{
    for (qsizetype i = 0; i < m_steps.size(); ++i)
        if (rectOf(i).contains(position))
            return int(i);
    return -1;
}

void StageStrip::paintStep(QPainter &painter, qsizetype index) const
{
    const core::WorkflowStep &step = m_steps.at(index);
    const QRectF place = rectOf(index);
    const QRectF bar(place.left(), GapPixels, place.width(), BarPixels);
    QPainterPath shape;
    shape.addRoundedRect(bar, Rounding, Rounding);
    painter.fillPath(shape, palette().color(QPalette::Midlight));
    painter.save();
    painter.setClipPath(shape);
    painter.fillRect(QRectF(bar.topLeft(), QSizeF(bar.width() * shareOf(step), bar.height())),
                     toneFill(stateTone(step.state)));
    painter.restore();
    QFont font = painter.font();
    font.setBold(index == m_current);
    painter.setFont(font);
    const QRectF words(place.left(), bar.bottom() + GapPixels, place.width(),
                       place.height() - bar.bottom() - GapPixels);
    const bool isIdle = step.job.value == 0 || step.state == JobState::Canceled;
    painter.setPen(toneColor(isIdle ? Tone::Muted : Tone::Text));
    painter.drawText(words, Qt::AlignLeft | Qt::AlignTop,
                     QFontMetrics(font).elidedText(step.name, Qt::ElideRight, int(words.width())));
}

} // namespace ui
