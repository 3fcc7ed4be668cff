#include "ui/flashanswers.h"

#include "ui/dialogs/questiondialog.h"

#include <QWidget>

namespace ui {

FlashAnswers::FlashAnswers(Commands &commands, QWidget *window)
    : QObject(window)
    , m_commands(commands)
    , m_window(window)
{ }

FlashAnswers::~FlashAnswers() = default;

void FlashAnswers::setQuestions(const QList<core::FlashQuestion> &questions)
{
    const QHash<core::JobId, core::FlashQuestion> before = std::exchange(m_questions, {});
    for (const core::FlashQuestion &question : questions)
        m_questions.insert(question.job, question);
    for (const core::FlashQuestion &known : before) {
        const bool isSame = m_questions.value(known.job) == known;
        if (QuestionDialog *dialog = m_dialogs.value(known.job); dialog && !isSame)
            dialog->close();
    }
    for (const core::FlashQuestion &question : questions) {
        if (before.value(question.job) == question)
            continue;
        show(question);
        emit asked(question);
    }
}

bool FlashAnswers::ask(core::JobId job)
{
    const auto question = m_questions.constFind(job);
    if (question == m_questions.constEnd())
        return false;
    show(*question);
    return true;
}

void FlashAnswers::show(const core::FlashQuestion &question)
{
    QuestionDialog *dialog = m_dialogs.value(question.job);
    if (!dialog || !dialog->isVisible())
        dialog = new QuestionDialog(m_commands, question, m_window);
    m_dialogs.insert(question.job, dialog);
    dialog->show();
    dialog->raise();
}

} // namespace ui
