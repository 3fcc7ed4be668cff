#include "ui/workfloworders.h"

#include "core/workflows/workflowfilejson.h"
#include "ui/dialogs/flashdialog.h"
#include "ui/dialogs/questions.h"
#include "ui/models/drivelistmodel.h"
#include "ui/models/workflowlistmodel.h"
#include "ui/symbols.h"
#include "ui/text/workflowtext.h"

#include <QAction>
#include <QFile>
#include <QFileDialog>
#include <QWidget>

#include <algorithm>

namespace ui {

using namespace Qt::StringLiterals;
using core::Workflow;

namespace {

core::Result<core::WorkflowPlan> planIn(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return core::fail(core::ErrorCode::FileAccess, file.errorString());
    if (file.size() > core::LargestWorkflowFileBytes)
        return core::fail(core::ErrorCode::InvalidArgument, u"it is larger than 1 MiB"_s);
    const QByteArray text = file.readAll();
    if (file.error() != QFile::NoError)
        return core::fail(core::ErrorCode::FileAccess, file.errorString());
    return core::workflowPlanFromFile(text);
}

/// Links as they are; drives as people call them.
QStringList subjectsOf(const core::WorkflowPlan &plan, const DriveListModel &drives)
{
    QStringList subjects;
    for (const core::WorkflowStep &step : plan.steps) {
        QStringList words{core::subjectOf(step)};
        for (const QString &id : core::drivesOf(step))
            words.append(drives.nameOf(id));
        words.removeAll(QString());
        subjects.append(words.join(u" → "_s));
    }
    return subjects;
}

} // namespace

WorkflowOrders::WorkflowOrders(const Surroundings &surroundings)
    : QObject(surroundings.window)
    , m_access(surroundings.access)
    , m_workflows(surroundings.workflows)
    , m_drives(surroundings.drives)
    , m_window(surroundings.window)
{
    makeActions();
    setCurrent({}, {});
}

WorkflowOrders::~WorkflowOrders() = default;

void WorkflowOrders::makeActions()
{
    make(WorkflowAction::Pause, u"pause"_s, tr("&Pause"),
         tr("Stop its jobs and keep what is here"));
    make(WorkflowAction::Resume, u"resume"_s, tr("&Resume"), tr("Go on where it stopped"));
    make(WorkflowAction::Cancel, u"cancel"_s, tr("&Cancel"), tr("Stop what is not done yet"));
    make(WorkflowAction::Retry, u"retry"_s, tr("R&etry all"),
         tr("Do the steps again that did not succeed"));
    make(WorkflowAction::Remove, u"remove"_s, tr("Re&move"), tr("Remove it from the list"));
    make(WorkflowAction::RetryStep, u"retry"_s, tr("Retry this &step"),
         tr("Do this step again, and those that need it"));
    make(WorkflowAction::ShowJob, u"window"_s, tr("Show its &job"),
         tr("Show it in the list of jobs"));
    action(WorkflowAction::RetryStep)->setObjectName(u"workflowretrystep"_s);
    m_write = new QAction(symbol(u"kindflash"_s), tr("&Fetch, check, write to drives…"), this);
    m_write->setObjectName(u"workflowwrite"_s);
    connect(m_write, &QAction::triggered, this, &WorkflowOrders::offerWriting);
    m_open = new QAction(symbol(u"openfile"_s), tr("&Open a workflow file…"), this);
    m_open->setObjectName(u"workflowopen"_s);
    connect(m_open, &QAction::triggered, this, &WorkflowOrders::chooseFile);
    m_removeEnded = new QAction(tr("Remo&ve ended"), this);
    m_removeEnded->setObjectName(u"workflowremoveended"_s);
    m_removeEnded->setToolTip(tr("Remove every workflow that has ended from the list"));
    connect(m_removeEnded, &QAction::triggered, this, &WorkflowOrders::askToRemoveEnded);
}

void WorkflowOrders::make(WorkflowAction action,
                          const QString &symbolName,
                          const QString &text,
                          const QString &tip)
{
    auto *made = new QAction(symbol(symbolName), text, this);
    made->setObjectName(u"workflow"_s + symbolName);
    made->setToolTip(tip);
    connect(made, &QAction::triggered, this, [this, action] { carryOut(action); });
    m_actions[size_t(action)] = made;
}

void WorkflowOrders::setCurrent(const std::optional<Workflow> &workflow, const QString &step)
{
    m_current = workflow;
    m_step = step;
    for (int i = 0; i < Count; ++i)
        m_actions[size_t(i)]->setEnabled(workflow && isAllowed(WorkflowAction(i), *workflow, step));
    m_removeEnded->setEnabled(std::ranges::any_of(
        m_workflows.workflows(), [](const Workflow &one) { return core::isFinal(one.state); }));
}

void WorkflowOrders::carryOut(WorkflowAction action)
{
    if (!m_current || !isAllowed(action, *m_current, m_step))
        return;
    const Workflow workflow = *m_current;
    switch (action) {
    case WorkflowAction::Pause:
        return tell(workflow, WorkflowVerb::Pause);
    case WorkflowAction::Resume:
        return tell(workflow, WorkflowVerb::Resume);
    case WorkflowAction::Cancel:
        return askYesNo(m_window,
                        {cancelWorkflowQuestion(workflow), tr("&Cancel it"), tr("&Go on")},
                        [this, workflow] { tell(workflow, WorkflowVerb::Cancel); });
    case WorkflowAction::Retry:
        return m_access.retry(workflow.id, {}, answerFor(workflow));
    case WorkflowAction::RetryStep:
        return m_access.retry(workflow.id, m_step, answerFor(workflow));
    case WorkflowAction::Remove:
        return remove({workflow});
    case WorkflowAction::ShowJob:
        emit jobWanted(workflow.steps[workflow.indexOf(m_step)].job);
        return;
    }
}

void WorkflowOrders::tell(const Workflow &workflow, WorkflowVerb verb)
{
    m_access.tell(workflow.id, verb, answerFor(workflow));
}

void WorkflowOrders::askToRemoveEnded()
{
    QList<Workflow> ended = m_workflows.workflows();
    ended.removeIf([](const Workflow &workflow) { return !core::isFinal(workflow.state); });
    if (!ended.isEmpty())
        remove(ended);
}

void WorkflowOrders::remove(const QList<Workflow> &workflows)
{
    askYesNo(m_window, {removeWorkflowsQuestion(workflows), tr("&Remove"), tr("&Keep")},
             [this, workflows] {
                 for (const Workflow &workflow : workflows)
                     m_access.remove(workflow.id, answerFor(workflow));
             });
}

void WorkflowOrders::chooseFile()
{
    auto *dialog = new QFileDialog(m_window, tr("Open a workflow file"), {},
                                   tr("Workflow (*.json);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &WorkflowOrders::openFile);
    dialog->open();
}

void WorkflowOrders::openFile(const QString &path)
{
    if (const auto plan = planIn(path))
        askToStart(core::withoutConsent(*plan));
    else
        emit said(workflowFileText(path, plan.error()));
}

/// A file may name commands and drives: what it does is shown before anything of it begins.
void WorkflowOrders::askToStart(const core::WorkflowPlan &plan)
{
    const QString question =
        startWorkflowQuestion(plan.title, plan.steps, subjectsOf(plan, m_drives));
    const auto answer = [self = QPointer(this)](const core::Result<void> &result) {
        if (self && !result)
            emit self->said(workflowNotAddedText(result.error()));
    };
    askYesNo(m_window, {question, tr("&Start"), tr("&Do not start")}, [this, plan, answer] {
        add({plan, {}}, answer);
    });
}

void WorkflowOrders::offerWriting()
{
    if (!m_dialog) {
        const auto send = [this](const FlashOrder &order, const auto &answer) {
            sendWriting(order, answer);
        };
        m_dialog = new FlashDialog(FlashDialog::Purpose::Workflow, send, m_drives, m_window);
        m_dialog->setAttribute(Qt::WA_DeleteOnClose);
        m_dialog->open();
    }
    m_dialog->raise();
}

void WorkflowOrders::sendWriting(const FlashOrder &order, const WorkflowAccess::Answer &answer)
{
    const auto plan = core::fetchCheckWrite(order.spec);
    if (!plan)
        return answer(core::fail(plan.error()));
    add({*plan, order.seen}, answer);
}

void WorkflowOrders::add(const WorkflowOrder &order, const WorkflowAccess::Answer &answer)
{
    m_access.add(order, [self = QPointer(this), answer](const auto &id) {
        if (self && id)
            emit self->added(*id);
        answer(id.map([](core::WorkflowId) {}));
    });
}

WorkflowAccess::Answer WorkflowOrders::answerFor(const Workflow &workflow)
{
    return [self = QPointer(this), title = workflow.title](const core::Result<void> &result) {
        if (self && !result)
            emit self->said(workflowFailedText(title, result.error()));
    };
}

} // namespace ui
