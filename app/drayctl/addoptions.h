#pragma once
#include "app/drayctl/command.h"

#include <QCommandLineParser>

namespace app {

/// What `drayctl add` was told, ready to be sent.
struct AddRequest {
    /// The params of one job.add each.
    QList<QJsonObject> specs;
    bool wait = false;
};

/// Parses a command's own arguments; the text of a failure is a usage error.
[[nodiscard]] tl::expected<void, Complaint> parseOptions(QCommandLineParser &options,
                                                         const Invocation &call);
[[nodiscard]] tl::expected<AddRequest, Complaint> parseAdd(const Invocation &call);
/// Adds what was asked for, tells it, and waits when that was asked for too.
[[nodiscard]] CommandResult
addAndWatch(const Invocation &call, const AddRequest &request, Terminal &terminal);
/// The arguments of `add`, for --help.
[[nodiscard]] QString addSynopsis();

} // namespace app
