#pragma once
#include "app/drayctl/command.h"

#include <QJsonArray>

namespace app {

/// `value` as one line of JSON.
void printJson(Terminal &terminal, const QJsonValue &value);
/// Rows of as many columns each, aligned; the first is the head.
void printTable(Terminal &terminal, const QList<QStringList> &rows);
/// Jobs as an aligned table with a head.
void printJobTable(Terminal &terminal, const QJsonArray &jobs);
/// All that is known of one job, a line each.
void printJobDetails(Terminal &terminal, const QJsonObject &job);
/// One line for one job: id, state, progress, speed, time left, name.
[[nodiscard]] QString jobLine(const QJsonObject &job);
/// The sentence that tells how a job ended.
[[nodiscard]] QString endLine(const QJsonObject &job);

} // namespace app
