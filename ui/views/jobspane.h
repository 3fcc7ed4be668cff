#pragma once
#include "core/jobs/jobtypes.h"

#include <QSplitter>

class QAction;
class QSettings;
class QStackedWidget;

namespace ui {

class DetailsPane;
class DriveListModel;
class EmptyPage;
class JobListModel;
class JobListView;
class JobSortProxy;

/// The list of jobs, or why it is empty, above the details of the one that is selected.
class JobsPane final : public QSplitter
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobsPane)
public:
    struct Surroundings {
        JobListModel &jobs;
        JobSortProxy &proxy;
        DriveListModel &drives;
        /// What the empty page offers.
        QAction &add;
    };
    explicit JobsPane(const Surroundings &surroundings, QWidget *parent = nullptr);
    ~JobsPane() override;

    [[nodiscard]] JobListView &list() { return *m_list; }
    /// The details of the first job that is selected.
    void showSelection();
    /// The list when it shows a job, else what to do about that.
    void showRightPage();
    void restoreLayout(const QSettings &settings);
    void saveLayout(QSettings &settings) const;

private:
    JobListModel &m_jobs;
    JobSortProxy &m_proxy;
    QStackedWidget *m_pages;
    JobListView *m_list;
    EmptyPage *m_empty;
    DetailsPane *m_details;
};

} // namespace ui
