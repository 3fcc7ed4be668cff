#pragma once
#include "core/base/result.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace ui {

/// How the companion extension gets into browsers of one family.
struct LoadSteps {
    QString browsers;
    QStringList steps;
};

/// For the extension that was put into `folder`.
[[nodiscard]] QList<LoadSteps> extensionSteps(const QString &folder);
[[nodiscard]] QString extensionStaysText(const QString &folder);
[[nodiscard]] QString exportFailedText(const core::Error &error);
/// "1. first", a line each, `indent` before all of them.
[[nodiscard]] QString numberedLines(const QStringList &lines, const QString &indent = {});

} // namespace ui
