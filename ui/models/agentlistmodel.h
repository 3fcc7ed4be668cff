#pragma once
#include "core/agents/agent.h"

#include <QAbstractTableModel>

namespace ui {

/// The agents as rows, built-in ones first, then by name; and what there is to coordinate.
///
/// Threads: UI thread. AgentSource feeds it.
class AgentListModel final : public QAbstractTableModel
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AgentListModel)
public:
    enum Column {
        Name,
        Status,
        Does,
        Job,
        Messages,
        Errors,
        ErrorRate,
        Average,
        Healthy,
        ColumnCount
    };

    explicit AgentListModel(QObject *parent = nullptr);
    ~AgentListModel() override;

    /// All there are, in their order. Rows of those that stay keep their place in the view.
    void setAgents(const QList<core::Agent> &agents);
    /// Nothing happens when it is not there.
    void update(const core::Agent &agent);
    void setCounts(const core::CoordinatorCounts &counts);

    /// `row` must be there.
    [[nodiscard]] const core::Agent &agent(int row) const { return m_agents.at(row); }
    [[nodiscard]] const core::CoordinatorCounts &counts() const { return m_counts; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant
    headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    /// Something about the agents changed, after the rows did.
    void agentsChanged();
    void countsChanged();

private:
    void removeMissing(const QList<core::Agent> &agents);
    [[nodiscard]] static QString text(const core::Agent &agent, int column);

    QList<core::Agent> m_agents;
    core::CoordinatorCounts m_counts;
};

} // namespace ui
