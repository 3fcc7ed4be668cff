#include "app/drayctl/printing.h"
#include "core/base/units.h"

namespace app {

using namespace Qt::StringLiterals;

namespace {

/// The arguments of a command that takes `least` to `most` of them and no options.
tl::expected<QStringList, Complaint>
argumentsOf(const Invocation &call, qsizetype least, qsizetype most, const QString &synopsis)
{
    const bool isRight = call.arguments.size() >= least && call.arguments.size() <= most;
    if (isRight)
        return call.arguments;
    return usageError(u"drayctl %1: write drayctl %1 %2"_s.arg(call.command, synopsis));
}

/// Makes one call and says `done`, or with --json what was answered.
CommandResult tellHub(const Invocation &call,
                      const QString &method,
                      const QJsonObject &params,
                      const QString &done,
                      Terminal &terminal)
{
    const auto answer = callOnce(call, method, params);
    if (!answer)
        return tl::unexpected(answer.error());
    if (call.json)
        printJson(terminal, answer->contains(u"job"_s) ? (*answer)[u"job"_s] : QJsonValue(*answer));
    else
        terminal.out << done << '\n';
    return ExitCode::Done;
}

CommandResult move(const Invocation &call, Terminal &terminal)
{
    const auto arguments = argumentsOf(call, 2, 2, u"ID top|up|down|N"_s);
    if (!arguments)
        return tl::unexpected(arguments.error());
    const QString id = arguments->at(0);
    bool isNumber = false;
    const qint64 number = arguments->at(1).toLongLong(&isNumber);
    const QJsonValue to = isNumber ? QJsonValue(number) : QJsonValue(arguments->at(1));
    return tellHub(call, u"job.move"_s, {{u"job"_s, id}, {u"to"_s, to}}, u"job %1: moved"_s.arg(id),
                   terminal);
}

CommandResult limit(const Invocation &call, Terminal &terminal)
{
    const auto arguments = argumentsOf(call, 1, 2, u"RATE [ID]"_s);
    if (!arguments)
        return tl::unexpected(arguments.error());
    const auto rate = core::parseBytes(arguments->at(0));
    if (!rate)
        return usageError(u"drayctl limit: "_s + rate.error().context);
    QJsonObject params{{u"bytesPerSecond"_s, *rate}};
    QString what = u"all downloads"_s;
    if (arguments->size() > 1) {
        params.insert(u"job"_s, arguments->at(1));
        what = u"job "_s + arguments->at(1);
    }
    return tellHub(call, u"job.setLimit"_s, params,
                   *rate == 0 ? u"%1: no limit"_s.arg(what)
                              : u"%1: at most %2 bytes per second"_s.arg(what).arg(*rate),
                   terminal);
}

CommandResult refreshUrl(const Invocation &call, Terminal &terminal)
{
    const auto arguments = argumentsOf(call, 2, 2, u"ID URL"_s);
    if (!arguments)
        return tl::unexpected(arguments.error());
    const QString id = arguments->at(0);
    return tellHub(call, u"job.refreshUrl"_s, {{u"job"_s, id}, {u"url"_s, arguments->at(1)}},
                   u"job %1: has the new link"_s.arg(id), terminal);
}

} // namespace

QList<CommandEntry> queueCommands()
{
    return {
        {u"move"_s, u"ID top|up|down|N"_s, u"change the order of waiting jobs"_s, move},
        {u"limit"_s, u"RATE [ID]"_s, u"limit the speed of a job, or of all; 0: no limit"_s, limit},
        {u"refresh-url"_s, u"ID URL"_s, u"go on with another link to the same file"_s, refreshUrl},
    };
}

} // namespace app
