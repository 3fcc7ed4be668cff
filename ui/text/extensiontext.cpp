#include "ui/text/extensiontext.h"

#include <QCoreApplication>

namespace ui {
namespace {

QString text(const char *sentence)
{
    return QCoreApplication::translate("Extension", sentence);
}

} // namespace

QList<LoadSteps> extensionSteps(const QString &folder)
{
    const QString pair =
        text("Press Dray's icon, which may be behind the puzzle piece, and pair it");
    return {
        {.browsers = text("Chromium, Chrome, Edge, Brave"),
         .steps = {text("Open chrome://extensions"), text("Switch on “Developer mode”"),
                   text("Press “Load unpacked” and choose %1/chromium").arg(folder), pair}},
        {.browsers = text("Firefox"),
         .steps = {
             text("Open about:debugging#/runtime/this-firefox"),
             text("Press “Load Temporary Add-on” and choose %1/firefox/manifest.json").arg(folder),
             pair,
             text("Do this again after Firefox was closed: it keeps no add-on that "
                  "is loaded so")}}};
}

QString extensionStaysText(const QString &folder)
{
    return text("The extension is in %1. Keep it there: browsers read it at every start.")
        .arg(folder);
}

QString exportFailedText(const core::Error &error)
{
    return text("The extension was not written: %1. Choose another folder, or make room.")
        .arg(error.context);
}

QString numberedLines(const QStringList &lines, const QString &indent)
{
    QStringList numbered;
    for (qsizetype at = 0; at < lines.size(); ++at)
        numbered.append(QStringLiteral("%1%2. %3").arg(indent, QString::number(at + 1), lines[at]));
    return numbered.join(u'\n');
}

} // namespace ui
