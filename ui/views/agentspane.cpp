#include "ui/views/agentspane.h"

#include "ui/models/agentlistmodel.h"
#include "ui/symbols.h"
#include "ui/text/agenttext.h"
#include "ui/views/agentchart.h"
#include "ui/views/rowlist.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QPointer>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds RefreshInterval{5}; // as AgentBoard tells numbers

} // namespace

AgentsPane::AgentsPane(AgentListModel &agents, AgentSource &source, QWidget *parent)
    : QWidget(parent)
    , m_agents(agents)
    , m_source(source)
{
    makeParts();
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(m_list);
    splitter->addWidget(makeLower());
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    splitter->setChildrenCollapsible(false);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_counts);
    column->addWidget(splitter, 1);
    setFocusProxy(m_list);
    connect(&m_agents, &AgentListModel::agentsChanged, this, &AgentsPane::showSelected);
    connect(&m_agents, &AgentListModel::countsChanged, this, &AgentsPane::showSelected);
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        showSelected();
        askHistory();
    });
    connect(m_period, &QComboBox::currentIndexChanged, this, &AgentsPane::askHistory);
    connect(&m_refresh, &QTimer::timeout, this, &AgentsPane::askHistory);
    showSelected();
    showHistory({}, {});
}

AgentsPane::~AgentsPane() = default;

void AgentsPane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    askHistory();
    m_refresh.start(RefreshInterval);
}

void AgentsPane::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_refresh.stop();
}

void AgentsPane::makeParts()
{
    m_counts = new QLabel;
    m_counts->setObjectName(u"coordinator"_s);
    m_counts->setContentsMargins(9, 6, 9, 0);
    m_counts->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_list = new RowList(m_agents, u"agentList"_s, {AgentListModel::Does});
    m_list->setAccessibleName(tr("Agents"));
    m_facts = new QLabel;
    m_facts->setObjectName(u"agentFacts"_s);
    m_facts->setTextFormat(Qt::PlainText);
    m_facts->setWordWrap(true);
    m_facts->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_facts->setMinimumHeight(fontMetrics().lineSpacing() * 4 + 4);
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_facts->setAccessibleName(tr("About the selected agent"));
    makeActions();
    connect(m_list, &QTreeView::doubleClicked, m_jobActions.last(), &QAction::trigger);
}

void AgentsPane::makeActions()
{
    const auto make = [this](const QString &symbolName, const QString &text, const auto &carryOut) {
        auto *action = new QAction(symbol(symbolName), text, this);
        action->setObjectName(u"agent"_s + symbolName);
        connect(action, &QAction::triggered, this, [this, carryOut] {
            if (const core::Agent *agent = selected())
                carryOut(agent->current);
        });
        m_jobActions.append(action);
    };
    make(u"pause"_s, tr("&Pause its job"),
         [this](core::JobId job) { emit jobActionChosen(job, JobAction::Pause); });
    make(u"cancel"_s, tr("&Cancel its job"),
         [this](core::JobId job) { emit jobActionChosen(job, JobAction::Cancel); });
    make(u"window"_s, tr("S&how its job"), [this](core::JobId job) { emit jobWanted(job); });
}

QWidget *AgentsPane::makeLower()
{
    auto *lower = new QWidget;
    auto *column = new QVBoxLayout(lower);
    column->setContentsMargins(9, 6, 9, 9);
    column->addWidget(m_facts);
    column->addLayout(makeChartLine());
    m_chart = new AgentChart;
    column->addWidget(m_chart, 1);
    return lower;
}

QLayout *AgentsPane::makeChartLine()
{
    m_whose = new QLabel;
    m_whose->setObjectName(u"chartOf"_s);
    QFont bold = m_whose->font();
    bold.setBold(true);
    m_whose->setFont(bold);
    m_all = new QToolButton;
    m_all->setObjectName(u"allAgents"_s);
    m_all->setText(tr("Chart of a&ll agents"));
    m_all->setFocusPolicy(Qt::StrongFocus);
    connect(m_all, &QToolButton::clicked, this, [this] { m_list->selectionModel()->clear(); });
    m_period = new QComboBox;
    m_period->setObjectName(u"period"_s);
    m_period->setAccessibleName(tr("Time that the chart shows"));
    m_period->addItems({tr("Last hour"), tr("Last day")}); // as in AgentPeriod
    auto *line = new QHBoxLayout;
    line->addWidget(m_whose);
    line->addStretch();
    for (QAction *action : m_jobActions) {
        auto *button = new QToolButton;
        if (action->shortcut().isEmpty()) // a tool button does not take the mnemonic of its action
            action->setShortcut(QKeySequence::mnemonic(action->text()));
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setFocusPolicy(Qt::StrongFocus);
        line->addWidget(button);
    }
    line->addWidget(m_all);
    line->addWidget(m_period);
    return line;
}

/// None when no row is selected.
const core::Agent *AgentsPane::selected() const
{
    const QModelIndexList rows = m_list->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : &m_agents.agent(rows.constFirst().row());
}

void AgentsPane::showSelected()
{
    m_counts->setText(coordinatorText(m_agents.counts()));
    const core::Agent *agent = selected();
    for (QAction *action : m_jobActions)
        action->setEnabled(agent && agent->current.value > 0);
    m_all->setEnabled(agent != nullptr);
    m_facts->setText(agent
                         ? agentSentences(*agent)
                         : tr("Dray's own agents do downloads, videos, drives and checks. Programs "
                              "can register as agents too and do steps of workflows. Select one "
                              "to see how it does."));
}

void AgentsPane::askHistory()
{
    const core::Agent *agent = selected();
    const QString name = agent ? agent->name : QString();
    m_source.askHistory(name, [self = QPointer(this), name](const AgentHistory &history) {
        if (self)
            self->showHistory(name, history);
    });
}

/// An answer about another agent than the one that is selected came late.
void AgentsPane::showHistory(const QString &name, const AgentHistory &history)
{
    const core::Agent *agent = selected();
    if (name != (agent ? agent->name : QString()))
        return;
    const QString whose = name.isEmpty() ? tr("all agents") : name;
    m_whose->setText(tr("What %1 did").arg(whose));
    m_chart->setSeries(seriesOf(history.points, history.now, AgentPeriod(m_period->currentIndex())),
                       whose);
}

} // namespace ui
