#pragma once
#include "app/drayctl/command.h"

#include <QCommandLineParser>

namespace app {

/// What `drayctl flash` takes, and `drayctl workflow --image`.
[[nodiscard]] QList<QCommandLineOption> flashOptions();
/// The spec that `options` ask for, as job.add takes it, of an image that is a path or a URL. The complaint
/// names the option that is missing or wrong.
[[nodiscard]] tl::expected<QJsonObject, Complaint>
flashSpecFrom(const Invocation &call, const QCommandLineParser &options, const QString &image);

} // namespace app
