#include "ui/dialogs/questions.h"

#include "core/base/units.h"
#include "ui/symbols.h"
#include "ui/text/accesstext.h"

#include <QCheckBox>
#include <QCoreApplication>
#include <QInputDialog>
#include <QMessageBox>
#include <QPushButton>
#include <QUrl>

#include <algorithm>

namespace ui {
namespace {

using namespace Qt::StringLiterals;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Questions)
};

struct Buttons {
    QString symbolName;
    QString yes;
    QString no;
};

/// A box that deletes itself and calls `yes` when that button is pressed.
QMessageBox *makeQuestion(QWidget *parent,
                          const QString &text,
                          const Buttons &buttons,
                          std::function<void()> yes)
{
    auto *box = new QMessageBox(QMessageBox::Question, u"Dray"_s, text, {}, parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setIconPixmap(symbol(buttons.symbolName, Tone::Waiting).pixmap(40, 40));
    QPushButton *accept = box->addButton(buttons.yes, QMessageBox::AcceptRole);
    accept->setObjectName(u"yes"_s);
    QPushButton *refuse = box->addButton(buttons.no, QMessageBox::RejectRole);
    refuse->setObjectName(u"no"_s);
    box->setDefaultButton(refuse);
    box->setEscapeButton(refuse);
    QObject::connect(accept, &QPushButton::clicked, box, [yes = std::move(yes)] { yes(); });
    return box;
}

/// A line to write in that deletes itself and calls `answer` with what was written.
void askText(QWidget *parent,
             const QString &question,
             const QString &text,
             std::function<void(const QString &)> answer)
{
    auto *dialog = new QInputDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(u"textQuestion"_s);
    dialog->setWindowTitle(u"Dray"_s);
    dialog->setLabelText(question);
    dialog->setTextValue(text);
    QObject::connect(dialog, &QInputDialog::textValueSelected, dialog, std::move(answer));
    dialog->open();
}

} // namespace

void askLimit(QWidget *parent,
              const QString &question,
              qint64 current,
              std::function<void(qint64)> answer)
{
    const auto take = [=](const QString &text) {
        if (const auto limit = core::parseBytes(text))
            answer(*limit);
        else
            askLimit(parent, question, current, answer);
    };
    askText(parent, question, QString::number(current), take);
}

void askExists(QWidget *parent,
               const QString &question,
               OfferShow show,
               std::function<void(ExistsAnswer)> answer)
{
    using Choice = ExistsAnswer::Choice;
    auto *box = new QMessageBox(QMessageBox::Question, u"Dray"_s, question, {}, parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setIconPixmap(symbol(u"warning"_s, Tone::Waiting).pixmap(40, 40));
    auto *all = new QCheckBox(Text::tr("Do the same with &all that exist"));
    all->setObjectName(u"forAll"_s);
    box->setCheckBox(all);
    const auto offer = [&](Choice choice, const QString &name, const QString &text) {
        QPushButton *button = box->addButton(text, QMessageBox::AcceptRole);
        button->setObjectName(name);
        QObject::connect(button, &QPushButton::clicked, box, [=] {
            answer({choice, all->isChecked() ? ExistsAnswer::For::All : ExistsAnswer::For::One});
        });
        return button;
    };
    offer(Choice::Overwrite, u"overwrite"_s, Text::tr("&Overwrite"));
    box->setDefaultButton(offer(Choice::Rename, u"rename"_s, Text::tr("&Keep both")));
    if (show == OfferShow::Yes)
        offer(Choice::Show, u"show"_s, Text::tr("Sho&w the other"));
    box->setEscapeButton(offer(Choice::Skip, u"skip"_s, Text::tr("&Skip")));
    box->open();
}

void askLink(QWidget *parent, const QString &question, std::function<void(const QUrl &)> answer)
{
    askText(parent, question, {}, [answer = std::move(answer)](const QString &text) {
        answer(QUrl(text.trimmed(), QUrl::TolerantMode));
    });
}

void askRemove(QWidget *parent, const QList<core::JobSnapshot> &jobs, RemoveAnswer answer)
{
    auto *check = new QCheckBox(Text::tr("Also &delete the file from the disk"));
    check->setObjectName(u"deleteFiles"_s);
    const auto yes = [check, answer = std::move(answer)] {
        answer(check->isChecked() ? core::RemoveFiles::Yes : core::RemoveFiles::No);
    };
    QMessageBox *box = makeQuestion(
        parent, removeQuestion(jobs),
        {.symbolName = u"remove"_s, .yes = Text::tr("&Remove"), .no = Text::tr("&Keep")}, yes);
    box->setCheckBox(check);
    box->setDefaultButton(
        box->findChild<QPushButton *>(u"yes"_s)); // nothing is lost unless checked
    const bool hasFile = std::any_of(jobs.begin(), jobs.end(), [](const core::JobSnapshot &job) {
        return job.state == core::JobState::Succeeded && !job.details.target.isEmpty();
    });
    check->setVisible(hasFile);
    box->open();
}

void askCancel(QWidget *parent, const QList<core::JobSnapshot> &jobs, std::function<void()> yes)
{
    makeQuestion(parent, cancelQuestion(jobs),
                 {.symbolName = u"warning"_s,
                  .yes = Text::tr("&Cancel and delete"),
                  .no = Text::tr("&Go on")},
                 std::move(yes))
        ->open();
}

void askRevoke(QWidget *parent, const QString &program, std::function<void()> yes)
{
    makeQuestion(parent, revokeQuestion(program),
                 {.symbolName = u"warning"_s, .yes = Text::tr("&Revoke"), .no = Text::tr("&Keep")},
                 std::move(yes))
        ->open();
}

void askYesNo(QWidget *parent, const YesNoQuestion &question, std::function<void()> yes)
{
    makeQuestion(parent, question.text,
                 {.symbolName = u"warning"_s, .yes = question.yes, .no = question.no},
                 std::move(yes))
        ->open();
}

void askQuit(QWidget *parent, const Totals &totals, std::function<void()> yes)
{
    const QString name = u"quitQuestion"_s;
    if (parent->findChild<QMessageBox *>(name))
        return;
    QMessageBox *box = makeQuestion(
        parent, quitQuestion(totals),
        {.symbolName = u"warning"_s, .yes = Text::tr("&Quit"), .no = Text::tr("&Keep running")},
        std::move(yes));
    box->setObjectName(name);
    box->open();
}

} // namespace ui
