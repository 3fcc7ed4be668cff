#pragma once
#include "app/drayctl/hubconnection.h"
#include "app/options.h"

#include <QTextStream>

namespace app {

/// What one run of drayctl was asked for.
struct Invocation {
    QString dataDir;
    bool json = false;
    QString command;
    /// What follows the command: arguments and options of its own.
    QStringList arguments;
};

/// How drayctl says no. `code` is the exit code of DESIGN; `message` goes to standard error.
struct Complaint {
    ExitCode code = ExitCode::Failed;
    QString message;
};

/// Where a command prints.
struct Terminal {
    QTextStream out;
    QTextStream err;
    /// Standard output is a terminal: progress is redrawn in place.
    bool isInteractive = false;
};

/// One subcommand: prints its result and returns how it ended.
using CommandResult = tl::expected<ExitCode, Complaint>;
using Command = std::function<CommandResult(const Invocation &, Terminal &)>;

struct CommandEntry {
    QString name;
    QString synopsis;
    QString summary;
    Command run;
};

[[nodiscard]] QList<CommandEntry> jobCommands();
[[nodiscard]] QList<CommandEntry> queueCommands();
[[nodiscard]] QList<CommandEntry> driveCommands();
[[nodiscard]] QList<CommandEntry> driveWorkCommands();
[[nodiscard]] QList<CommandEntry> historyCommands();
[[nodiscard]] QList<CommandEntry> pairCommands();
[[nodiscard]] QList<CommandEntry> reportCommands();
[[nodiscard]] QList<CommandEntry> runCommands();
[[nodiscard]] QList<CommandEntry> agentCommands();
[[nodiscard]] QList<CommandEntry> workflowCommands();
[[nodiscard]] QList<CommandEntry> extensionCommands();
[[nodiscard]] QList<CommandEntry> hubCommands();

/// Connects to the hub of the invocation; the complaint has code NoHub.
[[nodiscard]] tl::expected<QJsonObject, Complaint> connectTo(HubConnection &hub,
                                                             const Invocation &call);
/// Connects, makes one call and returns its result.
[[nodiscard]] tl::expected<QJsonObject, Complaint>
callOnce(const Invocation &call, const QString &method, const QJsonObject &params = {});
/// The complaint for what the hub refused: Usage for a bad value, Refused for missing rights.
[[nodiscard]] Complaint complaintFor(const HubConnection::Refusal &refusal);
[[nodiscard]] tl::unexpected<Complaint> usageError(const QString &message);

} // namespace app
