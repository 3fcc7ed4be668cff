#pragma once
#include "app/drayctl/outputlines.h"
#include "app/drayctl/runsignals.h"
#include "app/drayctl/workreport.h"

#include <QEventLoop>
#include <QProcess>

namespace app {

/// One command, started, passed through and shown as a job:
///
///   its output ─┬─► ours, byte for byte
///               └─► last line: the job's message; a percentage in it: its progress
///   its end ──────► the job's end, and our exit code
///   job canceled, or we are asked to end ─► SIGTERM, and SIGKILL when it has not ended 10 s later
///
/// Where we have a terminal it stays in our process group: it may read what is typed, its keys (Ctrl+C,
/// Ctrl+Z) are for the command as without us, and so are fg and bg of the shell. Without one it has a
/// group of its own. What it started is signalled with it, by the group or by who started whom.
///
/// Threads: the main thread.
class CommandRun final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CommandRun)
public:
    /// How the command is run when drayctl cannot: as a shell answers (POSIX 2018, Shell §2.8.2).
    static constexpr int NotExecutable = 126;
    static constexpr int NotFound = 127;
    static constexpr int EndedBySignal = 128; ///< plus the signal's number

    /// Where its output goes; what it writes to stderr goes to ours.
    enum class Output { Stdout, Stderr };

    CommandRun(QStringList command, WorkReport &report, Output output);
    ~CommandRun() override;

    /// Waits for its end and answers its exit code.
    [[nodiscard]] int run();

private:
    void start();
    void pass(QProcess::ProcessChannel channel, int descriptor);
    void showProgress();
    void onFinished();
    void stop();
    void signalAll(int number);
    [[nodiscard]] int exitCode() const;
    [[nodiscard]] QJsonObject ending() const;

    QStringList m_command;
    WorkReport &m_report;
    int m_output;
    QProcess m_process;
    RunSignals m_signals;
    QEventLoop m_loop;
    QTimer m_killTimer;
    OutputLines m_lines;
    qint64 m_processId = 0;
    bool m_hasOwnGroup = false;
    bool m_isStopping = false; // somebody wants it to end
};

} // namespace app
