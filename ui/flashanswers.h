#pragma once
#include "core/flashquestions.h"
#include "ui/commands.h"

#include <QHash>
#include <QObject>
#include <QPointer>

class QWidget;

namespace ui {

class QuestionDialog;

/// Puts questions of other programs to the user, one dialog each; one that was answered elsewhere, or
/// has expired, closes by itself.
class FlashAnswers final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FlashAnswers)
public:
    /// `window` is the parent of the dialogs.
    FlashAnswers(Commands &commands, QWidget *window);
    ~FlashAnswers() override;

    /// All that are open.
    void setQuestions(const QList<core::FlashQuestion> &questions);
    /// Asks about that job again, after the user put it off. False when there is no such question.
    bool ask(core::JobId job);

signals:
    /// Somebody asks who has not been told of.
    void asked(const core::FlashQuestion &question);

private:
    void show(const core::FlashQuestion &question);

    Commands &m_commands;
    QWidget *m_window;
    QHash<core::JobId, core::FlashQuestion> m_questions;
    QHash<core::JobId, QPointer<QuestionDialog>> m_dialogs;
};

} // namespace ui
