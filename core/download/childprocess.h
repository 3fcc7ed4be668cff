#pragma once
#include "core/base/result.h"

#include <QProcessEnvironment>
#include <QStringList>

#include <functional>
#include <stop_token>

namespace core {

/// Another program that works for a job. It and what it starts are a process group of their own,
/// of which nothing is left when run() returns; it dies with the thread that runs it.
/// Threads: made and run on the job's thread, in a local event loop.
class ChildProcess
{
public:
    struct End {
        bool isStopped = false; ///< because stop was requested
        int exitCode = -1; ///< -1: it crashed or was killed
        /// The last that it wrote to its standard error, at most 64 KiB.
        QByteArray errorOutput;
    };
    /// Gets one line of standard output without its end.
    using OnLine = std::function<void(const QByteArray &)>;
    struct Command {
        QString program; ///< absolute, or a name that is looked for in PATH
        QStringList arguments;
        /// Given to its standard input; what no other user may see goes here, not into arguments.
        QByteArray input;
        QString folder; ///< it works there; empty: where we do
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    };

    explicit ChildProcess(Command command)
        : m_command(std::move(command))
    { }

    /// Returns when it has ended. A line longer than `longestLine` bytes ends it and fails with
    /// `LimitExceeded`; fails with `Unsupported` when it cannot be started.
    [[nodiscard]] Result<End>
    run(const std::stop_token &stop, const OnLine &onLine, qsizetype longestLine) const;

private:
    const Command m_command;
};

} // namespace core
