#pragma once
#include "core/jobs/jobtypes.h"

#include <QSortFilterProxyModel>

namespace ui {

class JobListModel;

/// Which jobs the list shows.
enum class Shown { All, Unfinished, Done, Failed };

/// JobListModel sorted by any column, and narrowed to what was searched for.
class JobSortProxy final : public QSortFilterProxyModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobSortProxy)
public:
    explicit JobSortProxy(JobListModel &model, QObject *parent = nullptr);
    ~JobSortProxy() override;

    /// Jobs whose name or source contains every word of `text`, in any case. Empty: all.
    void setSearch(const QString &text);
    void setShown(Shown shown);
    [[nodiscard]] bool isNarrowed() const { return !m_words.isEmpty() || m_shown != Shown::All; }

    /// `index` must be valid.
    [[nodiscard]] const core::JobSnapshot &job(const QModelIndex &index) const;
    /// Column 0 of the job's row; invalid when it is not shown.
    [[nodiscard]] QModelIndex indexOf(core::JobId id) const;

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex &parent) const override;
    [[nodiscard]] bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    [[nodiscard]] bool isOfShown(core::JobState state) const;

    JobListModel &m_model;
    QStringList m_words;
    Shown m_shown = Shown::All;
};

} // namespace ui
