#include "ui/models/joblistmodel.h"

#include "core/jobs/percentage.h"
#include "ui/text/formatting.h"
#include "ui/text/jobtext.h"

#include <QLoggingCategory>

#include <algorithm>

namespace ui {
namespace {

/// At debug level: every look of every row, for tests that watch the window from outside.
Q_LOGGING_CATEGORY(lcWindow, "dray.window", QtInfoMsg)

using core::JobSnapshot;
using core::JobState;

/// Calls `use(first, last)` for every run of neighbouring numbers, the highest run first.
template<typename Use>
void forRunsDescending(QList<int> rows, Use use)
{
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    qsizetype last = rows.size() - 1;
    while (last >= 0) {
        qsizetype first = last;
        while (first > 0 && rows.at(first - 1) == rows.at(first) - 1)
            --first;
        use(rows.at(first), rows.at(last));
        last = first - 1;
    }
}

/// Whether a speed says something: it runs, and bytes come or are meant to.
bool isMoving(const JobSnapshot &job)
{
    return job.state == JobState::Running && !job.stopRequested
        && (job.progress.bytesPerSecond > 0 || job.progress.stage == core::Stage::Transferring);
}

/// -1 while nothing is known. The total of a flash counts what is read back too: no size anybody knows.
qint64 sizeBytes(const JobSnapshot &job)
{
    if (job.kind == core::JobKind::Flash || core::isPercentage(job))
        return -1;
    const qint64 known = std::max(job.progress.total, job.progress.done);
    return known > 0 || job.progress.total == 0 ? known : -1;
}

void traceRow(const JobSnapshot &job)
{
    qCDebug(lcWindow).noquote() << "row" << job.id.value << core::jobStateName(job.state)
                                << job.progress.done << job.details.sha256;
}

} // namespace

JobListModel::JobListModel(QObject *parent)
    : QAbstractTableModel(parent)
{ }

JobListModel::~JobListModel() = default;

void JobListModel::reset(const QList<JobSnapshot> &jobs, quint64 sequence)
{
    beginResetModel();
    m_jobs = jobs;
    m_sequence = sequence;
    m_rows.clear();
    mapRows(0);
    m_totals = {};
    for (const JobSnapshot &job : jobs) {
        m_totals.add(job);
        traceRow(job);
    }
    endResetModel();
    emit totalsChanged();
}

void JobListModel::apply(const core::JobEvents &events)
{
    for (const core::JobEvent &event : events) {
        if (event.sequence <= m_sequence)
            continue;
        m_sequence = event.sequence;
        std::visit([this](const auto &change) { take(change); }, event.change);
    }
    flush();
    emit totalsChanged();
    for (const JobSnapshot &job : std::exchange(m_ended, {}))
        emit jobEnded(job);
}

void JobListModel::take(const core::JobAdded &added)
{
    if (m_arriving.isEmpty())
        flush();
    m_arriving.append(added.job);
    traceRow(added.job);
}

void JobListModel::take(const core::JobChanged &changed)
{
    update(changed.job);
    const bool isEnd = changed.before.state != changed.job.state
        && (changed.job.state == JobState::Succeeded || changed.job.state == JobState::Failed);
    if (isEnd)
        m_ended.append(changed.job);
}

void JobListModel::take(const core::JobProgressed &progressed)
{
    update(progressed.job);
}

void JobListModel::take(const core::JobRemoved &removed)
{
    if (m_leaving.isEmpty())
        flush();
    if (const int row = rowOf(removed.id); row >= 0)
        m_leaving.append(row);
}

void JobListModel::update(const JobSnapshot &job)
{
    if (m_touched.isEmpty())
        flush();
    const int row = rowOf(job.id);
    if (row < 0)
        return;
    m_totals.subtract(m_jobs.at(row));
    m_totals.add(job);
    m_jobs[row] = job;
    traceRow(job);
    m_touched.append(row);
}

void JobListModel::flush()
{
    insertPending();
    announceTouched();
    removePending();
}

void JobListModel::insertPending()
{
    if (m_arriving.isEmpty())
        return;
    const int first = int(m_jobs.size());
    beginInsertRows({}, first, first + int(m_arriving.size()) - 1);
    for (const JobSnapshot &job : m_arriving)
        m_totals.add(job);
    m_jobs += std::exchange(m_arriving, {});
    mapRows(first);
    endInsertRows();
}

void JobListModel::announceTouched()
{
    forRunsDescending(std::exchange(m_touched, {}), [this](int first, int last) {
        emit dataChanged(index(first, 0), index(last, ColumnCount - 1));
    });
}

void JobListModel::removePending()
{
    int lowest = int(m_jobs.size());
    forRunsDescending(std::exchange(m_leaving, {}), [this, &lowest](int first, int last) {
        beginRemoveRows({}, first, last);
        for (int row = first; row <= last; ++row) {
            m_totals.subtract(m_jobs.at(row));
            m_rows.remove(m_jobs.at(row).id);
        }
        m_jobs.remove(first, last - first + 1);
        endRemoveRows();
        lowest = first;
    });
    mapRows(lowest); // once for all runs: rowOf() is for others, after the batch
}

void JobListModel::mapRows(int fromRow)
{
    for (int row = fromRow; row < m_jobs.size(); ++row)
        m_rows.insert(m_jobs.at(row).id, row);
}

int JobListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_jobs.size());
}

int JobListModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant JobListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const JobSnapshot &job = m_jobs.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(job, index.column());
    case Qt::ToolTipRole:
        return job.error ? errorText(*job.error) : job.source;
    case Qt::TextAlignmentRole: {
        const bool isNumber = index.column() >= Speed;
        return int((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    case IdRole:
        return job.id.value;
    case SortRole:
        return sortKey(job, index.column());
    case StateRole:
        return int(job.state);
    case KindRole:
        return int(job.kind);
    case PercentRole:
        return percentDone(job);
    default:
        return {};
    }
}

QVariant JobListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section >= Speed ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole || section < 0 || section >= ColumnCount)
        return {};
    const std::array names{tr("Name"),      tr("State"), tr("Progress"), tr("Speed"),
                           tr("Time left"), tr("Size"),  tr("Added")};
    return names.at(size_t(section));
}

QVariant JobListModel::text(const JobSnapshot &job, int column) const
{
    switch (column) {
    case Name:
        return jobName(job);
    case State:
        return activityText(job);
    case Progress:
        return formatPercent(job);
    case Speed:
        return isMoving(job) ? formatRate(job.progress.bytesPerSecond) : QString();
    case TimeLeft:
        return isMoving(job) ? formatDuration(job.progress.etaSeconds) : QString();
    case Size:
        return formatBytes(sizeBytes(job));
    case Added:
        return formatTime(job.createdAt);
    default:
        return {};
    }
}

QVariant JobListModel::sortKey(const JobSnapshot &job, int column) const
{
    switch (column) {
    case Name:
        return jobName(job);
    case State:
        return int(job.state);
    case Progress:
        return percentDone(job);
    case Speed:
        return isMoving(job) ? job.progress.bytesPerSecond : -1;
    case TimeLeft:
        return isMoving(job) ? job.progress.etaSeconds : -1;
    case Size:
        return sizeBytes(job);
    case Added:
        return job.createdAt;
    default:
        return {};
    }
}

} // namespace ui
