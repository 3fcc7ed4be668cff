#include "ui/models/jobsortproxy.h"

#include "ui/models/joblistmodel.h"
#include "ui/text/jobtext.h"

#include <algorithm>

namespace ui {

JobSortProxy::JobSortProxy(JobListModel &model, QObject *parent)
    : QSortFilterProxyModel(parent)
    , m_model(model)
{
    setSourceModel(&model);
    setSortRole(JobListModel::SortRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
    setDynamicSortFilter(true);
}

JobSortProxy::~JobSortProxy() = default;

void JobSortProxy::setSearch(const QString &text)
{
    m_words = text.simplified().split(u' ', Qt::SkipEmptyParts);
    invalidateFilter();
}

void JobSortProxy::setShown(Shown shown)
{
    m_shown = shown;
    invalidateFilter();
}

const core::JobSnapshot &JobSortProxy::job(const QModelIndex &index) const
{
    return m_model.job(mapToSource(index).row());
}

QModelIndex JobSortProxy::indexOf(core::JobId id) const
{
    const int row = m_model.rowOf(id);
    return row < 0 ? QModelIndex() : mapFromSource(m_model.index(row, 0));
}

bool JobSortProxy::filterAcceptsRow(int row, const QModelIndex &) const
{
    const core::JobSnapshot &job = m_model.job(row);
    if (!isOfShown(job.state))
        return false;
    const QString name = jobName(job);
    return std::all_of(m_words.begin(), m_words.end(), [&](const QString &word) {
        return name.contains(word, Qt::CaseInsensitive)
            || job.source.contains(word, Qt::CaseInsensitive);
    });
}

bool JobSortProxy::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const QVariant a = left.data(sortRole());
    const QVariant b = right.data(sortRole());
    if (a == b) { // the order of the queue, so that equal rows do not jump
        const core::JobSnapshot &x = m_model.job(left.row());
        const core::JobSnapshot &y = m_model.job(right.row());
        return std::pair(x.position, x.id) < std::pair(y.position, y.id);
    }
    return QSortFilterProxyModel::lessThan(left, right);
}

bool JobSortProxy::isOfShown(core::JobState state) const
{
    switch (m_shown) {
    case Shown::All:
        return true;
    case Shown::Unfinished:
        return !core::isFinal(state);
    case Shown::Done:
        return state == core::JobState::Succeeded;
    case Shown::Failed:
        return state == core::JobState::Failed;
    }
    return true;
}

} // namespace ui
