#pragma once
#include "core/jobs/jobtypes.h"

#include <QTreeView>

class QSettings;

namespace ui {

class JobSortProxy;

/// The list of jobs: sortable columns, several rows selectable, driven by mouse or keys.
class JobListView final : public QTreeView
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobListView)
public:
    explicit JobListView(JobSortProxy &jobs, QWidget *parent = nullptr);
    ~JobListView() override;

    /// In the order shown.
    [[nodiscard]] QList<core::JobSnapshot> selectedJobs() const;
    /// Selects that job alone and scrolls to it; nothing happens when it is not shown.
    void selectJob(core::JobId id);

    void restoreColumns(const QSettings &settings);
    void saveColumns(QSettings &settings) const;

signals:
    void selectedJobsChanged();
    /// The space bar: pause or resume.
    void toggleRequested();
    /// Return or a double click; never a single one, which desktops may take as "activate".
    void openRequested();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void rowsInserted(const QModelIndex &parent, int first, int last) override;
    void selectionChanged(const QItemSelection &selected,
                          const QItemSelection &deselected) override;

private:
    void setUpColumns();
    void showColumnMenu(const QPoint &position);

    JobSortProxy &m_jobs;
};

} // namespace ui
