#pragma once
#include "core/jobs/jobtypes.h"

#include <QWidget>

namespace ui {

/// A strip that shows which parts of a file are here, as far as the job tells.
class SegmentMap final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SegmentMap)
public:
    explicit SegmentMap(QWidget *parent = nullptr);
    ~SegmentMap() override;

    void setJob(const core::JobSnapshot &job);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QList<core::JobSegment> m_segments;
    qint64 m_totalBytes = -1;
};

} // namespace ui
