#pragma once
#include "core/flashquestions.h"
#include "ui/commands.h"

#include <QDialog>

class QLabel;
class QPushButton;

namespace ui {

class EraseConfirmation;

/// Asks whether another program may erase drives. It appears unasked for, so no key that was meant for
/// something else can say yes: every drive has to be proven.
class QuestionDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(QuestionDialog)
public:
    QuestionDialog(Commands &commands, core::FlashQuestion question, QWidget *parent = nullptr);
    ~QuestionDialog() override;

    [[nodiscard]] const core::FlashQuestion &question() const { return m_question; }

private:
    [[nodiscard]] QLabel *makeText();
    void makeButtons();
    void check();
    void agree();
    void refuse();
    void onAnswer(const core::Result<void> &result);

    Commands &m_commands;
    const core::FlashQuestion m_question;
    EraseConfirmation *m_confirmation = nullptr;
    QLabel *m_message = nullptr;
    QPushButton *m_yes = nullptr;
    QPushButton *m_no = nullptr;
    bool m_isSent = false;
};

} // namespace ui
