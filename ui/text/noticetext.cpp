#include "ui/text/noticetext.h"

#include <QCoreApplication>

namespace ui {
namespace {

QString text(const char *sentence)
{
    return QCoreApplication::translate("Notice", sentence);
}

} // namespace

QString damagedDatabaseText(const QString &keptAt)
{
    return text("The list of jobs was damaged and could not be read. Dray began a new list and "
                "kept the "
                "damaged one at %1. Files on disk were not touched.")
        .arg(keptAt);
}

QString storeFailedText(const core::Error &error)
{
    return text("The list of jobs cannot be saved: %1. Dray keeps trying; do not end it before "
                "this is "
                "mended.")
        .arg(error.context);
}

QString storeRecoveredText()
{
    return text("The list of jobs is saved again.");
}

QString keyFailedText(const core::Error &error)
{
    return text("A key for JWTs cannot be used, so they are refused: %1").arg(error.context);
}

QString cannotStartText(const core::Error &error)
{
    return text("Dray cannot start: %1").arg(error.context);
}

QString alreadyRunsText(const QString &page)
{
    return text("Dray already runs in the background (drayd) for this data folder. Its page was "
                "opened: "
                "%1")
        .arg(page);
}

} // namespace ui
