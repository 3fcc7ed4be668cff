#include "app/drayctl/commandrun.h"

#include "app/drayctl/processtree.h"

#include <QFileInfo>

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace app {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto EndPatience = 10s;

/// Whether we have one, wherever our stdin leads.
bool hasTerminal()
{
    return core::FileDescriptor(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)).isOpen();
}

/// In the child: what we set for ourselves is not for the command.
void prepareChild(bool hasOwnGroup)
{
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    if (hasOwnGroup)
        ::setpgid(0, 0);
}

/// False when nobody reads it any longer.
bool writeAll(int descriptor, QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), size_t(bytes.size()));
        if (written < 0 && errno != EINTR)
            return false;
        bytes = bytes.sliced(std::max<ssize_t>(0, written));
    }
    return true;
}

} // namespace

CommandRun::CommandRun(QStringList command, WorkReport &report, Output output)
    : m_command(std::move(command))
    , m_report(report)
    , m_output(output == Output::Stdout ? STDOUT_FILENO : STDERR_FILENO)
    , m_hasOwnGroup(!hasTerminal())
{
    m_killTimer.setSingleShot(true);
    m_killTimer.setInterval(EndPatience);
    connect(&m_killTimer, &QTimer::timeout, this, [this] { signalAll(SIGKILL); });
    connect(&m_signals, &RunSignals::endRequested, this, &CommandRun::stop);
    connect(&m_signals, &RunSignals::interrupted, this, [this] { m_isStopping = true; });
    connect(&m_report, &WorkReport::canceled, this, &CommandRun::stop);
    connect(&m_process, &QProcess::readyReadStandardOutput, this,
            [this] { pass(QProcess::StandardOutput, m_output); });
    connect(&m_process, &QProcess::readyReadStandardError, this,
            [this] { pass(QProcess::StandardError, STDERR_FILENO); });
}

CommandRun::~CommandRun() = default;

int CommandRun::run()
{
    start();
    if (m_processId != 0) {
        m_report.begin();
        if (m_process.state() != QProcess::NotRunning)
            m_loop.exec();
    }
    m_report.end(ending());
    return exitCode();
}

void CommandRun::start()
{
    ::signal(SIGPIPE, SIG_IGN);
    m_process.setProgram(m_command.constFirst());
    m_process.setArguments(m_command.sliced(1));
    m_process.setInputChannelMode(QProcess::ForwardedInputChannel);
    m_process.setChildProcessModifier([hasOwnGroup = m_hasOwnGroup] { prepareChild(hasOwnGroup); });
    connect(&m_process, &QProcess::finished, this, &CommandRun::onFinished);
    m_process.start();
    if (m_process.waitForStarted(-1))
        m_processId = m_process.processId();
}

void CommandRun::pass(QProcess::ProcessChannel channel, int descriptor)
{
    m_process.setReadChannel(channel);
    const QByteArray bytes = m_process.readAll();
    m_lines.take(bytes);
    if (!writeAll(descriptor, bytes))
        signalAll(SIGPIPE); // as if it had written there itself
    showProgress();
}

/// 100 % is for the end to say.
void CommandRun::showProgress()
{
    QJsonObject members{{u"message"_s, m_lines.lastLine().left(2000)}};
    if (const auto percent = m_lines.percent()) {
        members.insert(u"done"_s, std::min(99, int(*percent)));
        members.insert(u"total"_s, 100);
    }
    m_report.change(members);
}

/// A call to the hub may be waiting in a loop of its own, inside ours.
void CommandRun::onFinished()
{
    m_report.hurry();
    m_loop.quit();
}

void CommandRun::stop()
{
    m_isStopping = true;
    ::prctl(PR_SET_CHILD_SUBREAPER, 1); // what a shell that ends now leaves behind stays below us
    signalAll(SIGTERM);
    if (!m_killTimer.isActive())
        m_killTimer.start();
}

/// The command and what it started: a shell's children too.
void CommandRun::signalAll(int number)
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    if (!m_hasOwnGroup || ::kill(pid_t(-m_processId), number) != 0)
        signalBelow(::getpid(), number);
}

int CommandRun::exitCode() const
{
    const QString &program = m_command.constFirst();
    if (m_processId == 0)
        return program.contains(u'/') && QFileInfo::exists(program) ? NotExecutable : NotFound;
    const int code = m_process.exitCode();
    return m_process.exitStatus() == QProcess::NormalExit ? code : EndedBySignal + code;
}

QJsonObject CommandRun::ending() const
{
    QJsonObject end{{u"state"_s, u"succeeded"_s}};
    const int code = exitCode();
    if (code == 0) {
        if (m_lines.percent())
            end.insert(u"done"_s, 100);
        return end;
    }
    const QString last = m_lines.lastLine().left(1500);
    QString why = m_processId == 0 ? m_process.errorString()
        : m_process.exitStatus() == QProcess::CrashExit
        ? u"ended by signal %1"_s.arg(code - EndedBySignal)
        : u"exit code %1"_s.arg(code);
    if (!last.isEmpty())
        why += u": "_s + last;
    end[u"state"_s] = m_isStopping ? u"canceled"_s : u"failed"_s;
    end.insert(u"message"_s, why);
    return end;
}

} // namespace app
