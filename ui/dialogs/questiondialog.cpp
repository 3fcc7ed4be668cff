#include "ui/dialogs/questiondialog.h"

#include "ui/dialogs/eraseconfirmation.h"
#include "ui/symbols.h"
#include "ui/text/drivetext.h"
#include "ui/text/formatting.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

constexpr QSize FirstSize{620, 340};

} // namespace

QuestionDialog::QuestionDialog(Commands &commands, core::FlashQuestion question, QWidget *parent)
    : QDialog(parent)
    , m_commands(commands)
    , m_question(std::move(question))
    , m_confirmation(new EraseConfirmation(EraseConfirmation::Prove::All))
{
    setWindowTitle(tr("May these drives be erased?"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_confirmation->setDrives(m_question.erasures);
    auto *view = new QScrollArea;
    view->setWidget(m_confirmation);
    view->setWidgetResizable(true);
    view->setFrameShape(QFrame::NoFrame);
    view->setFocusPolicy(Qt::NoFocus); // the fields scroll it
    m_message = new QLabel;
    m_message->setObjectName(u"message"_s);
    m_message->setTextFormat(Qt::PlainText);
    m_message->setWordWrap(true);
    auto *column = new QVBoxLayout(this);
    column->addWidget(makeText());
    column->addWidget(view, 1);
    column->addWidget(m_message);
    makeButtons();
    connect(m_confirmation, &EraseConfirmation::edited, this, &QuestionDialog::check);
    resize(FirstSize);
    check();
}

QuestionDialog::~QuestionDialog() = default;

QLabel *QuestionDialog::makeText()
{
    QString cautions;
    for (const QString &caution : m_question.cautions)
        cautions += u"\n"_s + tr("Careful: %1.").arg(caution);
    auto *text =
        new QLabel(flashQuestionText(m_question.asker, m_question.image) + cautions + u"\n"_s
                   + tr("Without a yes nothing is erased. The question ends at %1.")
                         .arg(formatTime(m_question.expiresAt.count())));
    text->setObjectName(u"question"_s);
    text->setTextFormat(Qt::PlainText);
    text->setWordWrap(true);
    return text;
}

/// No button is the default one, and the first key of somebody who was typing elsewhere only puts the
/// question off.
void QuestionDialog::makeButtons()
{
    auto *buttons = new QDialogButtonBox;
    m_yes = buttons->addButton(tr("&Erase and write"), QDialogButtonBox::ActionRole);
    m_yes->setObjectName(u"yes"_s);
    m_no = buttons->addButton(tr("&No, keep them"), QDialogButtonBox::ActionRole);
    m_no->setObjectName(u"no"_s);
    QPushButton *later = buttons->addButton(tr("Ask me &later"), QDialogButtonBox::RejectRole);
    later->setObjectName(u"later"_s);
    for (QPushButton *button : {m_yes, m_no, later})
        button->setAutoDefault(false);
    connect(m_yes, &QPushButton::clicked, this, &QuestionDialog::agree);
    connect(m_no, &QPushButton::clicked, this, &QuestionDialog::refuse);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout()->addWidget(buttons);
    later->setFocus();
}

void QuestionDialog::check()
{
    m_yes->setEnabled(m_confirmation->isComplete() && !m_isSent);
    m_no->setEnabled(!m_isSent);
}

void QuestionDialog::agree()
{
    if (!m_confirmation->isComplete())
        return;
    QStringList erase;
    for (const core::DriveErasure &erasure : m_question.erasures)
        erase.append(erasure.drive.id);
    m_isSent = true;
    check();
    m_commands.agree(m_question.job, erase,
                     [self = QPointer(this)](const core::Result<void> &result) {
                         if (self)
                             self->onAnswer(result);
                     });
}

void QuestionDialog::refuse()
{
    m_isSent = true;
    check();
    m_commands.tell(m_question.job, JobVerb::Cancel,
                    [self = QPointer(this)](const core::Result<void> &result) {
                        if (self)
                            self->onAnswer(result);
                    });
}

void QuestionDialog::onAnswer(const core::Result<void> &result)
{
    m_isSent = false;
    check();
    if (result) {
        accept();
        return;
    }
    QPalette palette = m_message->palette();
    palette.setColor(QPalette::WindowText, toneColor(Tone::Bad));
    m_message->setPalette(palette);
    m_message->setText(flashFailedText(result.error()));
}

} // namespace ui
