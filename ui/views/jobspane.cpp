#include "ui/views/jobspane.h"

#include "ui/models/drivelistmodel.h"
#include "ui/models/joblistmodel.h"
#include "ui/models/jobsortproxy.h"
#include "ui/views/detailspane.h"
#include "ui/views/emptypage.h"
#include "ui/views/joblistview.h"

#include <QSettings>
#include <QStackedWidget>

namespace ui {
namespace {

using namespace Qt::StringLiterals;

constexpr auto SplitterKey = "window/splitter"_L1;

} // namespace

JobsPane::JobsPane(const Surroundings &surroundings, QWidget *parent)
    : QSplitter(Qt::Vertical, parent)
    , m_jobs(surroundings.jobs)
    , m_proxy(surroundings.proxy)
    , m_pages(new QStackedWidget)
    , m_list(new JobListView(surroundings.proxy))
    , m_empty(new EmptyPage(surroundings.add))
    , m_details(new DetailsPane(
          [&drives = surroundings.drives](const QString &id) { return drives.nameOf(id); }))
{
    m_pages->addWidget(m_list);
    m_pages->addWidget(m_empty);
    addWidget(m_pages);
    addWidget(m_details);
    setStretchFactor(0, 1);
    setCollapsible(0, false);
}

JobsPane::~JobsPane() = default;

void JobsPane::showSelection()
{
    const QList<core::JobSnapshot> jobs = m_list->selectedJobs();
    if (jobs.isEmpty())
        m_details->showNothing();
    else
        m_details->showJob(jobs.first());
}

void JobsPane::showRightPage()
{
    const bool hasNoJobs = m_jobs.rowCount() == 0;
    m_empty->setReason(hasNoJobs ? EmptyPage::Reason::NoJobs : EmptyPage::Reason::NothingMatches);
    m_pages->setCurrentIndex(m_proxy.rowCount() == 0 ? 1 : 0);
    m_details->setVisible(!hasNoJobs);
}

void JobsPane::restoreLayout(const QSettings &settings)
{
    if (!restoreState(settings.value(SplitterKey).toByteArray()))
        setSizes({390, 250});
    m_list->restoreColumns(settings);
}

void JobsPane::saveLayout(QSettings &settings) const
{
    settings.setValue(SplitterKey, saveState());
    m_list->saveColumns(settings);
}

} // namespace ui
