#pragma once
#include <QCommandLineOption>
#include <QJsonObject>

class QCommandLineParser;

namespace app {

/// The options of `add` that say who a download is to the server and which way it goes.
[[nodiscard]] QList<QCommandLineOption> requestOptions();

/// Adds the members of the spec that those options ask for. Relative files become absolute: the hub
/// works in another folder.
void insertRequest(QJsonObject &spec, const QCommandLineParser &options);

} // namespace app
