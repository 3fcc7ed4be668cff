#pragma once
#include "app/drayctl/command.h"

#include <QCommandLineOption>
#include <QJsonObject>

class QCommandLineParser;

namespace app {

/// The options of `add` that say who a download is to the server and which way it goes.
[[nodiscard]] QList<QCommandLineOption> requestOptions();

/// Adds the members of the spec that those options ask for. Relative files become absolute: the hub
/// works in another folder. A password that is missing is asked for.
[[nodiscard]] tl::expected<void, Complaint> insertRequest(QJsonObject &spec,
                                                          const QCommandLineParser &options);

} // namespace app
