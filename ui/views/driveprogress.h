#pragma once
#include "core/jobs/jobtypes.h"

#include <QTreeWidget>

namespace ui {

/// How far a job is on each of its drives. Hidden for jobs without drives.
class DriveProgress final : public QTreeWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DriveProgress)
public:
    /// What a drive of that id is called.
    using NameOf = std::function<QString(const QString &id)>;

    explicit DriveProgress(NameOf nameOf, QWidget *parent = nullptr);
    ~DriveProgress() override;

    void setJob(const core::JobSnapshot &job);

private:
    void setRows(qsizetype count);
    void showDrive(int row, const core::JobSnapshot &job);

    const NameOf m_nameOf;
};

} // namespace ui
