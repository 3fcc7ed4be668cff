#include "core/download/childprocess.h"

#include <QEventLoop>
#include <QProcess>

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr int GraceMs = 2000;
constexpr qsizetype MostErrorOutput = qsizetype(64) << 10;

/// What it started and left behind ends too, and cannot write where the next run does.
void endGroup(QProcess &process, pid_t group)
{
    if (group <= 0)
        return;
    if (process.state() != QProcess::NotRunning) {
        ::kill(-group, SIGTERM);
        process.waitForFinished(GraceMs);
    }
    ::kill(-group, SIGKILL);
    process.waitForFinished(GraceMs);
}

/// Hands out whole lines and keeps the rest. False when that is too long for a line.
bool takeLines(QByteArray &text, const ChildProcess::OnLine &onLine, qsizetype longest)
{
    qsizetype begin = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] != '\n' && text[i] != '\r')
            continue;
        onLine(text.sliced(begin, i - begin));
        begin = i + 1;
    }
    text.remove(0, begin);
    return text.size() <= longest;
}

} // namespace

Result<ChildProcess::End>
ChildProcess::run(const std::stop_token &stop, const OnLine &onLine, qsizetype longestLine) const
{
    QProcess process;
    QEventLoop loop;
    process.setProcessEnvironment(m_command.environment);
    process.setWorkingDirectory(m_command.folder);
    process.setChildProcessModifier([] {
        ::setpgid(0, 0);
        sigset_t none; // the hub blocks the signals that end it, and a child inherits that
        sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    });
    QObject::connect(&process, &QProcess::finished, &loop, [&loop] { loop.exit(); });
    QObject::connect(&process, &QProcess::errorOccurred, &loop, [&](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            loop.exit();
    });
    End end;
    QByteArray output;
    bool isTooLong = false;
    QObject::connect(&process, &QProcess::readyReadStandardOutput, &loop, [&] {
        output += process.readAllStandardOutput();
        isTooLong = !takeLines(output, onLine, longestLine);
        if (isTooLong)
            loop.exit();
    });
    QObject::connect(&process, &QProcess::readyReadStandardError, &loop, [&] {
        end.errorOutput = (end.errorOutput + process.readAllStandardError()).right(MostErrorOutput);
    });
    const std::stop_callback onStop(stop, [&loop] {
        QMetaObject::invokeMethod(
            &loop, [&loop] { loop.exit(); }, Qt::QueuedConnection);
    });
    process.start(m_command.program, m_command.arguments);
    const auto group = pid_t(process.processId());
    if (process.state() != QProcess::NotRunning) {
        process.write(m_command.input);
        process.closeWriteChannel();
        loop.exec();
    }
    end.isStopped = stop.stop_requested() && process.state() != QProcess::NotRunning;
    endGroup(process, group);
    if (process.error() == QProcess::FailedToStart)
        return fail(ErrorCode::Unsupported,
                    u"%1: %2"_s.arg(m_command.program, process.errorString()));
    if (isTooLong)
        return fail(ErrorCode::LimitExceeded,
                    u"%1 wrote a line without end"_s.arg(m_command.program));
    (void)takeLines(output += process.readAllStandardOutput() + '\n', onLine, longestLine);
    end.exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    return end;
}

} // namespace core
