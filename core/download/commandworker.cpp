#include "core/download/commandworker.h"

#include "core/download/childprocess.h"

#include <QFileInfo>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype LongestLine = qsizetype(1) << 20;

QString lastLine(const QByteArray &errors)
{
    constexpr qsizetype Longest = 500; // it goes to every listener
    return QString::fromUtf8(errors.trimmed().split('\n').constLast().trimmed()).left(Longest);
}

QProcessEnvironment environmentFor(const CommandFacts &facts)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"DRAY_JOB"_s, facts.id);
    environment.insert(u"DRAY_PATH"_s, facts.path);
    environment.insert(u"DRAY_URL"_s, facts.url);
    environment.insert(u"DRAY_SHA256"_s, facts.sha256);
    return environment;
}

} // namespace

CommandWorker::CommandWorker(const QString &command, const CommandFacts &facts)
    : CommandWorker(commandLine(command, facts), facts)
{ }

CommandWorker::CommandWorker(QStringList arguments, CommandFacts facts)
    : m_arguments(std::move(arguments))
    , m_facts(std::move(facts))
{ }

Result<Outcome> CommandWorker::run(std::stop_token stop, ProgressCell &progress)
{
    QStringList arguments = m_arguments;
    const QString program = arguments.takeFirst();
    const QString folder = m_facts.path.isEmpty() ? QString() : QFileInfo(m_facts.path).path();
    const auto end = ChildProcess({.program = program,
                                   .arguments = arguments,
                                   .folder = folder,
                                   .environment = environmentFor(m_facts)})
                         .run(
                             stop, [](const QByteArray &) {}, LongestLine);
    if (!end)
        return fail(end.error());
    if (end->isStopped)
        return Outcome::Stopped;
    if (end->exitCode < 0)
        return fail(ErrorCode::WorkFailed,
                    u"%1 crashed: %2"_s.arg(program, lastLine(end->errorOutput)));
    if (end->exitCode != 0)
        return fail(ErrorCode::WorkFailed,
                    u"%1 ended with exit code %2: %3"_s.arg(program, QString::number(end->exitCode),
                                                            lastLine(end->errorOutput)));
    progress.edit([&program](JobDetails &details) {
        details.message = u"%1 ended with exit code 0"_s.arg(program);
    });
    return Outcome::Completed;
}

} // namespace core
