#pragma once
#include "app/drayctl/command.h"

#include <QCommandLineOption>

class QCommandLineParser;

namespace app {

/// The options of the ready-made workflow "fetch, check, write to drives".
[[nodiscard]] QList<QCommandLineOption> readyMadeOptions();
/// Its plan, as workflow.add takes it. The complaint names the option that is missing; without --erase
/// its code is Refused, and it says which drives would be erased.
[[nodiscard]] tl::expected<QJsonObject, Complaint> readyMadePlan(const QCommandLineParser &options);

} // namespace app
