#pragma once
#include "ui/agentsource.h"
#include "ui/jobaction.h"

#include <QTimer>
#include <QWidget>

class QAction;
class QComboBox;
class QLabel;
class QToolButton;
class QTreeView;

namespace ui {

class AgentChart;
class AgentListModel;

/// Who does the work: each agent with its status and what is measured of it, and charts of what they did.
class AgentsPane final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AgentsPane)
public:
    /// `agents` and `source` outlive it.
    AgentsPane(AgentListModel &agents, AgentSource &source, QWidget *parent = nullptr);
    ~AgentsPane() override;

signals:
    /// The user wants to see what the agent works on.
    void jobWanted(core::JobId job);
    /// The user wants that of what the agent works on.
    void jobActionChosen(core::JobId job, ui::JobAction action);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void makeParts();
    void makeActions();
    [[nodiscard]] QWidget *makeLower();
    [[nodiscard]] QLayout *makeChartLine();
    [[nodiscard]] const core::Agent *selected() const;
    void showSelected();
    void askHistory();
    void showHistory(const QString &name, const AgentHistory &history);

    AgentListModel &m_agents;
    AgentSource &m_source;
    QLabel *m_counts = nullptr;
    QTreeView *m_list = nullptr;
    QLabel *m_facts = nullptr;
    QLabel *m_whose = nullptr;
    QComboBox *m_period = nullptr;
    QToolButton *m_all = nullptr;
    /// Pause and cancel what the agent works on, and show it.
    QList<QAction *> m_jobActions;
    AgentChart *m_chart = nullptr;
    QTimer m_refresh; // runs while it is seen
};

} // namespace ui
