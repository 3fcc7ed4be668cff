#include "ui/views/workflowdetails.h"

#include "ui/models/workflowstepmodel.h"
#include "ui/symbols.h"
#include "ui/text/workflowtext.h"
#include "ui/views/rowlist.h"
#include "ui/views/stagestrip.h"
#include "ui/views/statedelegate.h"

#include <QAction>
#include <QHeaderView>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include <utility>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

QString factsOf(const core::WorkflowStep &step)
{
    const QString what = WorkflowDetails::tr("Step “%1”: %2. %3.")
                             .arg(step.name, stepKindText(step.kind), stepStateText(step));
    const QString says = stepSaysText(step);
    return says.isEmpty() ? what : what + u'\n' + says;
}

QLabel *makeText(const QString &name)
{
    auto *label = new QLabel;
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

WorkflowDetails::WorkflowDetails(const QList<QAction *> &stepActions, QWidget *parent)
    : QWidget(parent)
    , m_model(new WorkflowStepModel(this))
{
    makeTexts();
    makeSteps(stepActions.last());
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(9, 6, 9, 0);
    column->addWidget(m_title);
    column->addWidget(m_sentence);
    column->addWidget(m_strip);
    column->addWidget(m_steps, 1);
    auto *line = new QHBoxLayout;
    line->addWidget(m_facts, 1);
    line->addLayout(makeButtons(stepActions));
    column->addLayout(line);
    connect(m_strip, &StageStrip::stepChosen, this, &WorkflowDetails::selectRow);
    connect(m_steps->selectionModel(), &QItemSelectionModel::currentChanged, this, [this] {
        showStep();
        emit stepSelected();
    });
    showNothing();
}

WorkflowDetails::~WorkflowDetails() = default;

void WorkflowDetails::makeTexts()
{
    m_title = makeText(u"workflowTitle"_s);
    QFont bold = m_title->font();
    bold.setBold(true);
    bold.setPointSizeF(bold.pointSizeF() * 1.15);
    m_title->setFont(bold);
    m_sentence = makeText(u"workflowSentence"_s);
    m_facts = makeText(u"stepFacts"_s);
    m_facts->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_facts->setMinimumHeight(fontMetrics().lineSpacing() * 3);
    m_facts->setAccessibleName(tr("About the selected step"));
    m_strip = new StageStrip;
}

void WorkflowDetails::makeSteps(QAction *open)
{
    m_steps = new RowList(*m_model, u"stepList"_s, {WorkflowStepModel::Says});
    m_steps->setAccessibleName(tr("Steps of the selected workflow"));
    m_steps->setItemDelegate(new StateDelegate(
        {.state = WorkflowStepModel::State, .progress = WorkflowStepModel::Progress}, m_steps));
    m_steps->setMinimumHeight(fontMetrics().lineSpacing() * 6);
    connect(m_steps, &QTreeView::doubleClicked, open, &QAction::trigger);
    open->setShortcuts({QKeySequence(Qt::Key_Return), QKeySequence(Qt::Key_Enter)});
    open->setShortcutContext(Qt::WidgetShortcut);
    m_steps->addAction(open);
}

QLayout *WorkflowDetails::makeButtons(const QList<QAction *> &actions)
{
    auto *line = new QHBoxLayout;
    for (QAction *action : actions) {
        auto *button = new QToolButton;
        if (action->shortcut().isEmpty()) // a tool button does not take the mnemonic of its action
            action->setShortcut(QKeySequence::mnemonic(action->text()));
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setFocusPolicy(Qt::StrongFocus);
        line->addWidget(button, 0, Qt::AlignTop);
    }
    return line;
}

void WorkflowDetails::showWorkflow(const core::Workflow &workflow)
{
    const bool isAnother = workflow.id != m_shown;
    const bool follows = isAnother || m_steps->currentIndex().row() == m_stage;
    m_shown = workflow.id;
    m_title->setText(workflow.title);
    m_sentence->setText(workflowSentence(workflow));
    m_strip->setSteps(workflow.steps);
    m_model->show(workflow);
    const int before = std::exchange(m_stage, int(workflow.stage));
    if (follows && (isAnother || m_stage != before))
        selectRow(m_stage);
    showStep();
}

void WorkflowDetails::showNothing()
{
    m_shown = {};
    m_stage = -1;
    m_title->setText({});
    m_sentence->setText(tr("Select a workflow to see its steps."));
    m_strip->setSteps({});
    m_model->showNothing();
    showStep();
}

QString WorkflowDetails::selectedStep() const
{
    const QModelIndex current = m_steps->currentIndex();
    return current.isValid() ? m_model->step(current.row()).name : QString();
}

void WorkflowDetails::selectRow(int row)
{
    m_steps->setCurrentIndex(m_model->index(row, 0));
}

void WorkflowDetails::showStep()
{
    const QModelIndex current = m_steps->currentIndex();
    m_strip->setCurrent(current.isValid() ? current.row() : -1);
    if (!current.isValid())
        return m_facts->setText({});
    const core::WorkflowStep &step = m_model->step(current.row());
    m_facts->setText(factsOf(step));
    QPalette palette = m_facts->palette();
    palette.setColor(QPalette::WindowText, toneColor(step.error ? Tone::Bad : Tone::Text));
    m_facts->setPalette(palette);
}

} // namespace ui
