#pragma once
#include "ui/text/totals.h"

#include <QList>
#include <QString>

namespace ui {

/// Questions before something is lost.
[[nodiscard]] QString removeQuestion(const QList<core::JobSnapshot> &jobs);
/// For flashes: what is left on the drives.
[[nodiscard]] QString cancelQuestion(const QList<core::JobSnapshot> &jobs);
/// No jobs: all downloads together.
[[nodiscard]] QString limitQuestion(const QList<core::JobSnapshot> &jobs);
[[nodiscard]] QString linkQuestion(const core::JobSnapshot &job);
[[nodiscard]] QString quitQuestion(const Totals &totals);

/// "“name” was not paused. sentence"
[[nodiscard]] QString commandFailedText(const core::JobSnapshot &job, const core::Error &error);
[[nodiscard]] QString addFailedText(const QString &link, const core::Error &error);
/// Asks what to do with a link whose file or job is there; `error` says which.
[[nodiscard]] QString existsQuestion(const QString &link, const core::Error &error);
[[nodiscard]] QString noLinkInText();
[[nodiscard]] QString stillInTrayText();
[[nodiscard]] QString cannotOpenText(const QString &path);

/// Why none of `jobs` can be paused, resumed or retried though others could: "" when there is no
/// special reason.
[[nodiscard]] QString flashRefusesText(const QList<core::JobSnapshot> &jobs);

/// The notification for jobs that ended (succeeded or failed), at least one.
struct EndingText {
    QString title;
    QString text;
};
[[nodiscard]] EndingText endingText(const QList<core::JobSnapshot> &jobs);

} // namespace ui
