#pragma once
#include "ui/agentseries.h"

#include <QWidget>

namespace ui {

/// Two charts over one time axis: how many executions ended per minute, and how many of them failed.
class AgentChart final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AgentChart)
public:
    explicit AgentChart(QWidget *parent = nullptr);
    ~AgentChart() override;

    /// `whose` is said to those who cannot see the chart.
    void setSeries(const AgentSeries &series, const QString &whose);
    [[nodiscard]] QSize sizeHint() const override { return {480, 190}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {260, 130}; }

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    enum class Plot { Throughput, ErrorRate };
    [[nodiscard]] QRectF areaOf(Plot plot) const;
    [[nodiscard]] QRectF columnRect(const QRectF &area, qsizetype column, double share) const;
    [[nodiscard]] double topOf(Plot plot) const;
    [[nodiscard]] QString columnText(qsizetype column) const;
    void paintFrame(QPainter &painter, Plot plot) const;
    void paintColumns(QPainter &painter, Plot plot) const;
    void paintTimes(QPainter &painter) const;

    AgentSeries m_series;
    double m_mostPerMinute = 1;
};

} // namespace ui
