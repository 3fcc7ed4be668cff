#pragma once
#include "core/jobs/jobtypes.h"
#include "ui/text/totals.h"

#include <QAbstractTableModel>
#include <QHash>

namespace ui {

/// The job stream as rows, one per job, in the order they came. Neighbouring events of one sort
/// become one change of the view, so a burst of thousands stays cheap.
///
/// Threads: UI thread. Feed it one snapshot, then events in order (JobSource does).
class JobListModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobListModel)
public:
    enum Column { Name, State, Progress, Speed, TimeLeft, Size, Added, ColumnCount };
    /// SortRole gives numbers where a column shows a number. PercentRole is -1 while unknown.
    enum Role { IdRole = Qt::UserRole, SortRole, StateRole, KindRole, PercentRole };

    explicit JobListModel(QObject *parent = nullptr);
    ~JobListModel() override;

    /// The jobs as they were after event `sequence`; earlier events are ignored afterwards.
    void reset(const QList<core::JobSnapshot> &jobs, quint64 sequence);
    void apply(const core::JobEvents &events);

    /// `row` must be there.
    [[nodiscard]] const core::JobSnapshot &job(int row) const { return m_jobs.at(row); }
    [[nodiscard]] const QList<core::JobSnapshot> &jobs() const { return m_jobs; }
    /// -1 when there is no such job.
    [[nodiscard]] int rowOf(core::JobId id) const { return m_rows.value(id, -1); }
    [[nodiscard]] const Totals &totals() const { return m_totals; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant
    headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    void totalsChanged();
    /// A job succeeded or failed while we listened.
    void jobEnded(const core::JobSnapshot &job);

private:
    void take(const core::JobAdded &added);
    void take(const core::JobChanged &changed);
    void take(const core::JobProgressed &progressed);
    void take(const core::JobRemoved &removed);
    void update(const core::JobSnapshot &job);
    void flush();
    void insertPending();
    void announceTouched();
    void removePending();
    void mapRows(int fromRow);
    [[nodiscard]] QVariant text(const core::JobSnapshot &job, int column) const;
    [[nodiscard]] QVariant sortKey(const core::JobSnapshot &job, int column) const;

    QList<core::JobSnapshot> m_jobs;
    QHash<core::JobId, int> m_rows;
    Totals m_totals;
    quint64 m_sequence = 0;
    // What the current batch has gathered; at most one of the first three is not empty.
    QList<core::JobSnapshot> m_arriving;
    QList<int> m_touched;
    QList<int> m_leaving;
    QList<core::JobSnapshot> m_ended;
};

} // namespace ui
