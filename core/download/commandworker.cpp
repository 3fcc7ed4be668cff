#include "core/download/commandworker.h"

#include <QFileInfo>
#include <QProcess>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr int LookIntervalMs = 100;
constexpr int GraceMs = 5000;
constexpr qsizetype MaxErrorBytes = 4096;

void stopProcess(QProcess &process)
{
    process.terminate();
    if (process.waitForFinished(GraceMs))
        return;
    process.kill();
    process.waitForFinished(GraceMs);
}

/// Keeps the end of what it writes to standard error.
void takeErrors(QProcess &process, QByteArray &errors)
{
    errors += process.readAllStandardError();
    errors = errors.last(std::min(MaxErrorBytes, errors.size()));
}

QString lastLine(const QByteArray &errors)
{
    return QString::fromUtf8(errors.trimmed().split('\n').constLast().trimmed());
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

CommandWorker::CommandWorker(QString command, CommandFacts facts)
    : m_command(std::move(command))
    , m_facts(std::move(facts))
{ }

Result<Outcome> CommandWorker::run(std::stop_token stop, ProgressCell &progress)
{
    QStringList arguments = commandLine(m_command, m_facts);
    const QString program = arguments.takeFirst();
    QProcess process;
    process.setProcessEnvironment(environmentFor(m_facts));
    process.setWorkingDirectory(QFileInfo(m_facts.path).path());
    process.setStandardInputFile(QProcess::nullDevice());
    process.setStandardOutputFile(QProcess::nullDevice());
    process.start(program, arguments);
    if (!process.waitForStarted())
        return fail(ErrorCode::Unsupported, u"%1: %2"_s.arg(program, process.errorString()));
    QByteArray errors;
    while (process.state() != QProcess::NotRunning && !process.waitForFinished(LookIntervalMs)) {
        takeErrors(process, errors);
        if (!stop.stop_requested())
            continue;
        stopProcess(process);
        return Outcome::Stopped;
    }
    takeErrors(process, errors);
    if (process.exitStatus() != QProcess::NormalExit)
        return fail(ErrorCode::Internal, u"%1 crashed: %2"_s.arg(program, lastLine(errors)));
    if (process.exitCode() != 0)
        return fail(ErrorCode::Internal,
                    u"%1 ended with exit code %2: %3"_s.arg(
                        program, QString::number(process.exitCode()), lastLine(errors)));
    progress.edit([&program](JobDetails &details) {
        details.message = u"%1 ended with exit code 0"_s.arg(program);
    });
    return Outcome::Completed;
}

} // namespace core
