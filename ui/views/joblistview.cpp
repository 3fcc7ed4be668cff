#include "ui/views/joblistview.h"

#include "ui/models/joblistmodel.h"
#include "ui/models/jobsortproxy.h"
#include "ui/views/jobdelegate.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QSettings>

#include <algorithm>

namespace ui {
namespace {

constexpr auto ColumnsKey = "window/columns";

} // namespace

JobListView::JobListView(JobSortProxy &jobs, QWidget *parent)
    : QTreeView(parent)
    , m_jobs(jobs)
{
    setModel(&jobs);
    setItemDelegate(new JobDelegate(this));
    setAccessibleName(tr("Jobs"));
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setAlternatingRowColors(true);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setSortingEnabled(true);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setUpColumns();
    connect(this, &QTreeView::doubleClicked, this, [this] { emit openRequested(); });
}

JobListView::~JobListView() = default;

QList<core::JobSnapshot> JobListView::selectedJobs() const
{
    QModelIndexList rows = selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end());
    QList<core::JobSnapshot> result;
    for (const QModelIndex &row : rows)
        result.append(m_jobs.job(row));
    return result;
}

void JobListView::selectJob(core::JobId id)
{
    const QModelIndex index = m_jobs.indexOf(id);
    if (!index.isValid())
        return;
    selectionModel()->setCurrentIndex(
        index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    scrollTo(index);
}

void JobListView::restoreColumns(const QSettings &settings)
{
    const QByteArray state = settings.value(QLatin1StringView(ColumnsKey)).toByteArray();
    if (header()->restoreState(state) && header()->count() == JobListModel::ColumnCount)
        return;
    sortByColumn(JobListModel::Added, Qt::DescendingOrder);
}

void JobListView::saveColumns(QSettings &settings) const
{
    settings.setValue(QLatin1StringView(ColumnsKey), header()->saveState());
}

void JobListView::keyPressEvent(QKeyEvent *event)
{
    const bool isReturn = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier)
        emit toggleRequested();
    else if (isReturn)
        emit openRequested();
    else
        QTreeView::keyPressEvent(event);
}

/// What was added last is shown in the details until the user looks at something else.
void JobListView::rowsInserted(const QModelIndex &parent, int first, int last)
{
    QTreeView::rowsInserted(parent, first, last);
    if (first == last && !selectionModel()->hasSelection())
        selectJob(m_jobs.job(m_jobs.index(first, 0, parent)).id);
}

void JobListView::selectionChanged(const QItemSelection &selected, const QItemSelection &deselected)
{
    QTreeView::selectionChanged(selected, deselected);
    emit selectedJobsChanged();
}

void JobListView::setUpColumns()
{
    using Model = JobListModel;
    const auto width = [this](const QString &sample) {
        return fontMetrics().horizontalAdvance(sample) + 28;
    };
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(QHeaderView::Interactive);
    header()->setSectionResizeMode(Model::Name, QHeaderView::Stretch);
    header()->setMinimumSectionSize(60);
    header()->resizeSection(Model::State, width(tr("Moving into place")) + 20);
    header()->resizeSection(Model::Progress, 150);
    header()->resizeSection(Model::Speed, width(QStringLiteral("888.8 MiB/s")));
    header()->resizeSection(Model::TimeLeft, width(QStringLiteral("88 min 88 s")));
    header()->resizeSection(Model::Size, width(QStringLiteral("888.8 MiB")));
    header()->resizeSection(Model::Added, width(QStringLiteral("28/28/2028 28:28 PM")));
    header()->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header(), &QWidget::customContextMenuRequested, this, &JobListView::showColumnMenu);
    sortByColumn(Model::Added, Qt::DescendingOrder);
}

void JobListView::showColumnMenu(const QPoint &position)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (int column = JobListModel::State; column < JobListModel::ColumnCount; ++column) {
        const QString name = m_jobs.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        QAction *action = menu->addAction(name);
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(column));
        connect(action, &QAction::toggled, this,
                [this, column](bool isShown) { setColumnHidden(column, !isShown); });
    }
    menu->popup(header()->mapToGlobal(position));
}

} // namespace ui
