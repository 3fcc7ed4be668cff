#include "ui/views/workflowspane.h"

#include "ui/models/workflowlistmodel.h"
#include "ui/symbols.h"
#include "ui/views/rowlist.h"
#include "ui/views/statedelegate.h"
#include "ui/views/workflowdetails.h"
#include "ui/workfloworders.h"

#include <QAction>
#include <QLabel>
#include <QMenu>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

WorkflowsPane::WorkflowsPane(WorkflowListModel &workflows, WorkflowOrders &orders, QWidget *parent)
    : QWidget(parent)
    , m_workflows(workflows)
    , m_orders(orders)
{
    makeList();
    m_details = new WorkflowDetails(
        {m_orders.action(WorkflowAction::RetryStep), m_orders.action(WorkflowAction::ShowJob)});
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(m_list);
    splitter->addWidget(m_details);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    splitter->setChildrenCollapsible(false);
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(splitter, 1);
    column->addLayout(makeButtons());
    m_pages = new QStackedWidget;
    m_pages->addWidget(page);
    m_pages->addWidget(makeEmpty());
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_pages);
    setFocusProxy(m_list);
    connect(&m_workflows, &WorkflowListModel::workflowsChanged, this,
            &WorkflowsPane::onWorkflowsChanged);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &WorkflowsPane::showCurrent);
    connect(m_details, &WorkflowDetails::stepSelected, this, &WorkflowsPane::showCurrent);
    onWorkflowsChanged();
}

WorkflowsPane::~WorkflowsPane() = default;

void WorkflowsPane::selectWorkflow(core::WorkflowId id)
{
    m_wanted = id;
    onWorkflowsChanged();
}

void WorkflowsPane::makeList()
{
    m_list = new RowList(m_workflows, u"workflowList"_s,
                         {WorkflowListModel::Title, WorkflowListModel::Says});
    m_list->setAccessibleName(tr("Workflows"));
    m_list->setItemDelegate(new StateDelegate(
        {.state = WorkflowListModel::State, .progress = WorkflowListModel::Progress}, m_list));
    QAction *remove = m_orders.action(WorkflowAction::Remove);
    remove->setShortcut(QKeySequence::Delete);
    remove->setShortcutContext(Qt::WidgetShortcut);
    m_list->addActions(
        {m_orders.action(WorkflowAction::Pause), m_orders.action(WorkflowAction::Resume),
         m_orders.action(WorkflowAction::Cancel), m_orders.action(WorkflowAction::Retry), remove});
    m_list->setContextMenuPolicy(Qt::ActionsContextMenu);
}

QWidget *WorkflowsPane::makeEmpty()
{
    auto *page = new QWidget;
    page->setBackgroundRole(QPalette::Base);
    page->setAutoFillBackground(true);
    auto *title = new QLabel(tr("No workflow yet"));
    QFont large = title->font();
    large.setPointSizeF(large.pointSizeF() * 1.5);
    title->setFont(large);
    title->setAlignment(Qt::AlignCenter);
    auto *text = new QLabel(tr("A workflow does several things one after the other: fetch a file, "
                               "check it, and write it to USB drives, for example."));
    text->setObjectName(u"noWorkflow"_s);
    text->setWordWrap(true);
    text->setAlignment(Qt::AlignCenter);
    auto *column = new QVBoxLayout(page);
    column->setSpacing(12);
    column->addStretch();
    column->addWidget(title);
    column->addWidget(text);
    column->addWidget(makeBeginning(), 0, Qt::AlignCenter);
    column->addStretch();
    return page;
}

QToolButton *WorkflowsPane::makeBeginning()
{
    auto *button = new QToolButton;
    button->setText(tr("&New workflow"));
    button->setIcon(symbol(u"add"_s));
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setFocusPolicy(Qt::StrongFocus);
    auto *menu = new QMenu(button);
    menu->addActions(m_orders.beginnings());
    button->setMenu(menu);
    return button;
}

QLayout *WorkflowsPane::makeButtons()
{
    auto *line = new QHBoxLayout;
    line->setContentsMargins(9, 0, 9, 9);
    line->addWidget(makeBeginning());
    line->addStretch();
    const auto add = [line](QAction *action) {
        auto *button = new QToolButton;
        if (action->shortcut().isEmpty()) // a tool button does not take the mnemonic of its action
            action->setShortcut(QKeySequence::mnemonic(action->text()));
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setFocusPolicy(Qt::StrongFocus);
        line->addWidget(button);
    };
    for (const WorkflowAction action :
         {WorkflowAction::Pause, WorkflowAction::Resume, WorkflowAction::Cancel,
          WorkflowAction::Retry, WorkflowAction::Remove})
        add(m_orders.action(action));
    add(m_orders.removeEnded());
    return line;
}

void WorkflowsPane::showCurrent()
{
    const QModelIndex current = m_list->currentIndex();
    if (!current.isValid()) {
        m_details->showNothing();
        return m_orders.setCurrent({}, {});
    }
    const core::Workflow workflow = m_workflows.workflow(current.row());
    m_details->showWorkflow(workflow);
    m_orders.setCurrent(workflow, m_details->selectedStep());
}

void WorkflowsPane::onWorkflowsChanged()
{
    m_pages->setCurrentIndex(m_workflows.rowCount() == 0 ? 1 : 0);
    if (const int row = m_workflows.rowOf(m_wanted); row >= 0) {
        m_wanted = {};
        m_list->setCurrentIndex(m_workflows.index(row, 0));
    }
    if (!m_list->currentIndex().isValid() && m_workflows.rowCount() > 0)
        m_list->setCurrentIndex(m_workflows.index(0, 0));
    showCurrent();
}

} // namespace ui
