#include "app/drayctl/commandrun.h"
#include "app/drayctl/printing.h"

#include <QCommandLineParser>

namespace app {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype LongestTitle = 500;

CommandResult run(const Invocation &call, Terminal &terminal)
{
    RunSignals::block();
    QCommandLineParser options;
    options.addOptions({
        {u"title"_s, u"What the work is; the command line unless said."_s, u"TEXT"_s},
        {u"job"_s,
         u"A name of your own for the job: the next run goes on as it; as \"NAME (2)\" when it "
         "was canceled."_s,
         u"NAME"_s},
    });
    options.setOptionsAfterPositionalArgumentsMode(QCommandLineParser::ParseAsPositionalArguments);
    if (!options.parse(QStringList{call.command} + call.arguments))
        return usageError(options.errorText());
    const QStringList command = options.positionalArguments();
    if (command.isEmpty())
        return usageError(
            u"drayctl run: write drayctl run [--title TEXT] -- COMMAND [ARGUMENT]…"_s);
    QJsonObject state{{u"title"_s, command.join(u' ').left(LongestTitle)},
                      {u"state"_s, u"running"_s}};
    for (const QString &name : {u"title"_s, u"job"_s})
        if (options.isSet(name))
            state.insert(name, options.value(name));
    WorkReport report(call.dataDir, state);
    QObject::connect(&report, &WorkReport::failed, &report, [&terminal](const QString &why) {
        terminal.err << u"drayctl run: not shown: %1\n"_s.arg(why) << Qt::flush;
    });
    const auto output = call.json ? CommandRun::Output::Stderr : CommandRun::Output::Stdout;
    const int code = CommandRun(command, report, output).run();
    if (call.json)
        printJson(terminal, report.job());
    return ExitCode(code);
}

} // namespace

QList<CommandEntry> runCommands()
{
    return {
        {u"run"_s, u"[--title TEXT] [--job NAME] -- COMMAND [ARGUMENT]…"_s,
         u"run a command and show it as a job: its last line is the message, a percentage its "
         u"progress; "
         "ends with its exit code, also when no hub runs (--json: its output goes to stderr); the "
         "next run of the same NAME goes on as that job, or as \"NAME (2)\" when it was canceled"_s,
         run},
    };
}

} // namespace app
