#pragma once
#include "core/jobs/workflow.h"

#include <QWidget>

namespace ui {

/// The steps of a workflow side by side, each as full as it is done, in the colour of its state. A click
/// on one chooses it.
class StageStrip final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StageStrip)
public:
    explicit StageStrip(QWidget *parent = nullptr);
    ~StageStrip() override;

    void setSteps(const QList<core::WorkflowStep> &steps);
    /// -1: none.
    void setCurrent(int step);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void stepChosen(int step);

protected:
    bool event(QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] QRectF rectOf(qsizetype step) const;
    [[nodiscard]] int stepAt(const QPointF &position) const;
    void paintStep(QPainter &painter, qsizetype index) const;

    QList<core::WorkflowStep> m_steps;
    int m_current = -1;
};

} // namespace ui
