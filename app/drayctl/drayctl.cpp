#include "app/drayctl/drayctl.h"

#include <QDir>

namespace app {

using namespace Qt::StringLiterals;

namespace {

QList<CommandEntry> allCommands()
{
    return jobCommands() + queueCommands() + driveCommands() + driveWorkCommands()
        + historyCommands() + reportCommands() + runCommands() + workflowCommands()
        + agentCommands() + pairCommands() + extensionCommands() + hubCommands();
}

void printUsage(QTextStream &stream)
{
    stream << "Usage: drayctl [--data-dir DIR] [--json] COMMAND …\n\nCommands:\n";
    for (const CommandEntry &command : allCommands())
        stream << "  " << command.name << ' ' << command.synopsis << "\n      " << command.summary
               << '\n';
    stream << "\nExit codes: 0 done, 1 a job failed or was canceled, 2 usage, 3 no hub, "
              "4 refused or confirmation needed, 5 some of several failed\n";
}

/// Takes the options that every command has out of `arguments`, wherever they stand.
tl::expected<Invocation, Complaint> parseInvocation(const QStringList &arguments)
{
    Invocation call{.dataDir = defaultDataDir()};
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &argument = arguments[i];
        if (argument == "--"_L1) { // what follows is not ours
            call.arguments += arguments.sliced(i);
            break;
        }
        if (argument == "--json"_L1) {
            call.json = true;
        } else if (argument.startsWith("--data-dir="_L1)) {
            call.dataDir = QDir(argument.sliced(11)).absolutePath();
        } else if (argument == "--data-dir"_L1) {
            if (++i == arguments.size())
                return usageError(u"--data-dir needs a folder"_s);
            call.dataDir = QDir(arguments[i]).absolutePath();
        } else if (call.command.isEmpty()) {
            call.command = argument;
        } else {
            call.arguments.append(argument);
        }
    }
    return call;
}

CommandResult runCommand(const Invocation &call, Terminal &terminal)
{
    for (const CommandEntry &command : allCommands())
        if (command.name == call.command)
            return command.run(call, terminal);
    return usageError(u"\"%1\" is not a command; `drayctl --help` lists them"_s.arg(call.command));
}

} // namespace

ExitCode runDrayctl(const QStringList &arguments, Terminal &terminal)
{
    const auto call = parseInvocation(arguments);
    if (call && (call->command == "--help"_L1 || call->command == "help"_L1)) {
        printUsage(terminal.out);
        return ExitCode::Done;
    }
    if (call && call->command == "--version"_L1) {
        terminal.out << "drayctl " DRAY_VERSION "\n";
        return ExitCode::Done;
    }
    if (call && call->command.isEmpty()) {
        printUsage(terminal.err);
        return ExitCode::Usage;
    }
    const CommandResult result = call ? runCommand(*call, terminal) : tl::unexpected(call.error());
    if (result)
        return *result;
    terminal.err << result.error().message << '\n';
    return result.error().code;
}

} // namespace app
