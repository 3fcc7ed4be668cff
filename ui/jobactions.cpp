#include "ui/jobactions.h"

#include "ui/symbols.h"
#include "ui/text/prompttext.h"

#include <QAction>

namespace ui {

using namespace Qt::StringLiterals;

JobActions::JobActions(QObject *parent)
    : QObject(parent)
{
    make(JobAction::Pause, u"pause"_s, tr("&Pause"), tr("Stop and keep what is here"));
    make(JobAction::Resume, u"resume"_s, tr("&Resume"), tr("Go on where it stopped"));
    make(JobAction::Cancel, u"cancel"_s, tr("&Cancel"), tr("Stop and delete what is here"));
    make(JobAction::Retry, u"retry"_s, tr("R&etry"), tr("Try again"));
    make(JobAction::StartNow, u"resume"_s, tr("&Start now"), tr("Do not wait for the start time"));
    make(JobAction::NewLink, u"newlink"_s, tr("New &link"),
         tr("Go on with another link to the same file"));
    make(JobAction::MoveTop, u"movetop"_s, tr("Move to the &top"), tr("Start before all others"));
    make(JobAction::MoveUp, u"moveup"_s, tr("Move &up"), tr("Start earlier"));
    make(JobAction::MoveDown, u"movedown"_s, tr("Move &down"), tr("Start later"));
    make(JobAction::Limit, u"limit"_s, tr("&Speed limit"), tr("Limit how fast this is"));
    make(JobAction::Remove, u"remove"_s, tr("Re&move"), tr("Remove from the list"));
    make(JobAction::OpenFile, u"openfile"_s, tr("&Open file"), tr("Open the finished file"));
    make(JobAction::OpenFolder, u"openfolder"_s, tr("Open &folder"), tr("Open the file's folder"));
    action(JobAction::StartNow)->setObjectName(u"startnow"_s);
    action(JobAction::MoveTop)->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Home));
    action(JobAction::MoveUp)->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Up));
    action(JobAction::MoveDown)->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Down));
    action(JobAction::Remove)->setShortcut(QKeySequence::Delete);
    setSelection({});
}

JobActions::~JobActions() = default;

QList<QAction *> JobActions::all() const
{
    return {m_actions.begin(), m_actions.end()};
}

void JobActions::setSelection(const QList<core::JobSnapshot> &jobs)
{
    const QString refusal = flashRefusesText(jobs);
    for (int i = 0; i < Count; ++i) {
        const JobAction which{i};
        const bool runsAgain = which == JobAction::Pause || which == JobAction::Resume
            || which == JobAction::StartNow || which == JobAction::Retry;
        QAction *action = m_actions[size_t(i)];
        action->setEnabled(!allowedFor(which, jobs).isEmpty());
        action->setToolTip(runsAgain && !refusal.isEmpty() ? refusal : m_tips[size_t(i)]);
    }
}

void JobActions::make(JobAction action,
                      const QString &symbolName,
                      const QString &text,
                      const QString &tip)
{
    auto *made = new QAction(symbol(symbolName), text, this);
    made->setObjectName(symbolName);
    made->setToolTip(tip);
    connect(made, &QAction::triggered, this, [this, action] { emit triggered(action); });
    m_actions[size_t(action)] = made;
    m_tips[size_t(action)] = tip;
}

} // namespace ui
