#include "ui/views/driveprogress.h"

#include "ui/symbols.h"
#include "ui/text/formatting.h"
#include "ui/text/jobtext.h"
#include "ui/views/rowdelegate.h"

#include <QHeaderView>
#include <QProgressBar>

#include <algorithm>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

enum Column { NameColumn, StateColumn, BarColumn, DoneColumn, ProblemColumn, ColumnCount };
constexpr int MostRowsShown = 5;

Tone toneOf(core::JobState state)
{
    if (state == core::JobState::Failed)
        return Tone::Bad;
    return state == core::JobState::Succeeded ? Tone::Good : Tone::Active;
}

/// Per cent of the drive's own share; -1 while that is unknown.
int percentOf(const core::JobDrive &drive, qint64 share)
{
    if (drive.state == core::JobState::Succeeded)
        return 100;
    return share > 0 ? int(std::clamp<qint64>(drive.done * 100 / share, 0, 99)) : -1;
}

} // namespace

DriveProgress::DriveProgress(NameOf nameOf, QWidget *parent)
    : QTreeWidget(parent)
    , m_nameOf(std::move(nameOf))
{
    setObjectName(u"driveProgress"_s);
    setAccessibleName(tr("Progress of each drive"));
    setColumnCount(ColumnCount);
    setHeaderLabels(
        {tr("Drive"), tr("State"), tr("Progress"), tr("Written and read"), tr("Problem")});
    setItemDelegate(new RowDelegate(this));
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    header()->setStretchLastSection(true);
    header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    header()->setSectionResizeMode(BarColumn, QHeaderView::Fixed);
    header()->resizeSection(BarColumn, 150);
    header()->setSectionResizeMode(ProblemColumn, QHeaderView::Stretch);
}

DriveProgress::~DriveProgress() = default;

void DriveProgress::setJob(const core::JobSnapshot &job)
{
    const qsizetype count = job.details.drives.size();
    setVisible(count > 0);
    setRows(count);
    for (int row = 0; row < count; ++row)
        showDrive(row, job);
}

void DriveProgress::setRows(qsizetype count)
{
    if (topLevelItemCount() == count)
        return;
    while (topLevelItemCount() > count)
        delete takeTopLevelItem(topLevelItemCount() - 1);
    while (topLevelItemCount() < count) {
        auto *item = new QTreeWidgetItem(this);
        auto *bar = new QProgressBar;
        setItemWidget(item, BarColumn, bar);
    }
    const int shown = int(std::clamp<qsizetype>(count, 1, MostRowsShown));
    setFixedHeight(header()->sizeHint().height() + (fontMetrics().height() + 12) * shown + 6);
}

void DriveProgress::showDrive(int row, const core::JobSnapshot &job)
{
    const core::JobDrive &drive = job.details.drives.at(row);
    const qint64 share =
        job.progress.total < 0 ? -1 : job.progress.total / job.details.drives.size();
    QTreeWidgetItem *item = topLevelItem(row);
    item->setText(NameColumn, m_nameOf(drive.id));
    item->setText(StateColumn, driveStateText(job, drive));
    item->setForeground(StateColumn, toneColor(toneOf(drive.state)));
    item->setText(DoneColumn, formatBytes(drive.done));
    const QString problem = drive.error ? errorText(*drive.error) : QString();
    item->setText(ProblemColumn, problem);
    item->setToolTip(ProblemColumn, problem);
    auto *bar = qobject_cast<QProgressBar *>(itemWidget(item, BarColumn));
    const int percent = percentOf(drive, share);
    bar->setMaximum(percent < 0 && drive.state == core::JobState::Running ? 0 : 100); // 0: "busy"
    bar->setValue(std::max(percent, 0));
    bar->setAccessibleName(item->text(NameColumn));
}

} // namespace ui
