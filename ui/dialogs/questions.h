#pragma once
#include "core/jobservice.h"
#include "ui/text/prompttext.h"

#include <functional>

class QWidget;

namespace ui {

/// Questions asked before something is lost. Each opens a dialog over `parent` and returns at once;
/// the call comes only when the user says yes. Where
/// something would be lost, the safe button is the default.

using RemoveAnswer = std::function<void(core::RemoveFiles)>;

/// Offers to delete the files too when one of the jobs has one.
void askRemove(QWidget *parent, const QList<core::JobSnapshot> &jobs, RemoveAnswer answer);
void askCancel(QWidget *parent, const QList<core::JobSnapshot> &jobs, std::function<void()> yes);
/// Asks for bytes per second, 0 for no limit; asks again when what was written is none.
void askLimit(QWidget *parent,
              const QString &question,
              qint64 current,
              std::function<void(qint64 bytesPerSecond)> answer);
/// What is done with one download that exists, and whether with all others that wait too.
struct ExistsAnswer {
    enum class Choice { Rename, Overwrite, Skip, Show } choice = Choice::Skip;
    enum class For { One, All } reach = For::One;
};
enum class OfferShow { No, Yes };
/// Closing the question skips the download. `OfferShow`: the other download can be shown.
void askExists(QWidget *parent,
               const QString &question,
               OfferShow show,
               std::function<void(ExistsAnswer)> answer);
void askLink(QWidget *parent, const QString &question, std::function<void(const QUrl &)> answer);
void askRevoke(QWidget *parent, const QString &program, std::function<void()> yes);
/// A question with two answers; the second is the safe one.
struct YesNoQuestion {
    QString text;
    QString yes;
    QString no;
};
void askYesNo(QWidget *parent, const YesNoQuestion &question, std::function<void()> yes);
/// Asked once: nothing happens while the question is open.
void askQuit(QWidget *parent, const Totals &totals, std::function<void()> yes);

} // namespace ui
